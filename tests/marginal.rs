//! Marginal costs: GoogLeNet's against an independent count, every spec's against full analyses of the changed networks.

mod networks;

use nas::analyze::Marginal;
use nas::analyze::Marginals;
use nas::analyze::marginals;
use nas::base::Quantity;
use nas::base::Shape;
use nas::cli::BUILT_IN;
use nas::graph::Graph;
use nas::graph::GraphBuilder;
use nas::graph::Multilinear;
use nas::op::Concat;
use nas::op::Conv;
use nas::op::Linear;
use nas::op::Take;
use networks::built_in;
use networks::counted;

fn fields(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split(',').collect())
}

/// The totals if a knob were so wide, by inferring and counting the whole network again; nothing if an operator refuses.
fn at(graph: &Graph, path: &str, width: u32) -> Option<(u128, u128)> {
    let form = Multilinear::of(graph);
    let scope = graph.scopes().find(path).expect("is a layer");
    let knob = form.knobs().iter().find(|knob| knob.scope == scope).expect("is a knob");
    let widths: Vec<_> = knob.nodes.iter().map(|&node| (node, width)).collect();
    graph.with_widths(&widths).ok().map(|graph| counted(&graph))
}

#[test]
fn googlenets_headroom_and_elasticities_are_those_of_an_independent_count() {
    let found = marginals(&built_in("googlenet"), &[(Quantity::Madds, 1_500_000_000)]);
    let marginal: Vec<_> = fields(include_str!("fixtures/truth/marginal.csv")).collect();
    let headroom: Vec<_> = fields(include_str!("fixtures/truth/headroom.csv")).collect();
    assert_eq!((marginal.len(), headroom.len()), (54, 54));
    for (marginal, headroom) in marginal.iter().zip(&headroom) {
        assert_eq!(marginal[0], headroom[0]);
        let knob = found.find(marginal[0]).expect("is a knob");
        let numbers = [knob.width.to_string(), knob.madds.to_string(), knob.params.to_string()];
        assert_eq!(numbers, [marginal[1], marginal[2], marginal[3]], "{}", knob.path);
        let filters: i64 = headroom[1].parse().expect("is a number");
        let there = knob.headroom[0];
        assert_eq!(there.filters, Some(-filters), "{}", knob.path);
        assert_eq!(there.to, u32::try_from(i64::from(knob.width) - filters).ok().filter(|&to| to > 0), "{}", knob.path);
        let elasticity: f64 = headroom[2].parse().expect("is a number");
        assert!((100.0 * knob.elasticity_madds.to_f64() - elasticity).abs() < 6e-4, "{}", knob.path);
    }
    assert_eq!(found.against.as_deref(), Some("5b/pool"));
    let [dear, cheap] = ["3b/5x5/reduce", "5b/1x1"].map(|path| found.find(path).expect("is a knob"));
    // 2 082 304 / 41 768.
    assert_eq!(Marginals::trade(dear, cheap).map(|ratio| ratio.fixed(2)), Some("49.85".to_owned()));
}

#[test]
fn the_ranking_falls() {
    for (name, _) in BUILT_IN {
        let found = marginals(&built_in(name), &[]);
        let price = |knob: &Marginal, other: &Marginal| u128::from(knob.madds) * u128::from(other.step);
        for pair in found.knobs.windows(2) {
            assert!(price(&pair[0], &pair[1]) >= price(&pair[1], &pair[0]), "{name}: {} before {}", pair[0].path, pair[1].path);
        }
    }
}

#[test]
fn a_marginal_cost_is_the_difference_of_two_full_counts() {
    let mut knobs = 0;
    for (name, _) in BUILT_IN {
        let graph = built_in(name);
        let (madds, params) = counted(&graph);
        for knob in marginals(&graph, &[]).knobs {
            let Some((more_madds, more_params)) = at(&graph, &knob.path, knob.width + knob.step) else { continue };
            let found = (u128::from(knob.madds), u128::from(knob.params));
            assert_eq!(found, (more_madds - madds, more_params - params), "{name}: {}", knob.path);
            knobs += 1;
        }
    }
    assert!(knobs > 1000, "{knobs}");
}

/// The width of `to` is inside the limit and the next wider one is not; where there is none, the narrowest is not inside.
#[test]
fn headroom_ends_where_the_next_step_would_break_the_limit() {
    for (name, _) in BUILT_IN.iter().filter(|(name, _)| !name.contains("densenet")) {
        let graph = built_in(name);
        let (madds, params) = counted(&graph);
        for (quantity, total) in [(Quantity::Madds, madds), (Quantity::Params, params)] {
            for limit in [total * 98 / 100, total, total * 103 / 100] {
                let of = |path: &str, width: u32| {
                    at(&graph, path, width).map(|(madds, params)| if quantity == Quantity::Madds { madds } else { params })
                };
                for knob in marginals(&graph, &[(quantity, limit as u64)]).knobs {
                    let room = knob.headroom[0];
                    let told = || format!("{name}: {} to {limit} {quantity}: {room:?}", knob.path);
                    match room.to {
                        Some(to) => {
                            assert!(of(&knob.path, to).is_some_and(|there| there <= limit), "{}", told());
                            let next = of(&knob.path, to + knob.step);
                            assert!(room.filters.is_none() || next.is_none_or(|there| there > limit), "{}", told());
                            assert!(room.filters.is_none_or(|by| i64::from(knob.width) + by == i64::from(to)), "{}", told());
                        }
                        None => {
                            let least = (knob.width - 1) % knob.step + 1;
                            assert!(of(&knob.path, least).is_none_or(|there| there > limit), "{}", told());
                        }
                    }
                }
            }
        }
    }
}

/// What a layer takes out of another keeps that one from going lower: no such width is promised.
#[test]
fn headroom_promises_no_width_that_a_reader_refuses() {
    let conv = |width: u32| [Conv::new(width, 3).into()];
    let mut net = GraphBuilder::new("taken");
    let image = net.input("image", Shape::new(3, 32, 32));
    let a = net.layer("a", conv(64), &[image]);
    let taken = net.layer("t", [Take { width: 32, after: 16 }.into()], &[a]);
    let b = net.layer("b", conv(64), &[a]);
    let joined = net.add(Concat, &[taken, b]);
    let classes = net.layer("c", [Linear::new(10).into()], &[joined]);
    net.output("main", classes);
    let graph = net.finish().expect("fits");
    let (madds, _) = counted(&graph);
    let narrow = |width: u32| at(&graph, "a", width).map(|(madds, _)| madds);
    // 48 is what is taken: at 47 there is no network.
    let least = narrow(48).expect("is a network");
    assert_eq!(narrow(47), None);
    let room = |limit: u128| marginals(&graph, &[(Quantity::Madds, limit as u64)]).find("a").expect("is a knob").headroom[0];
    assert_eq!((room(least).filters, room(least).to), (Some(-16), Some(48)));
    assert_eq!((room(least - 1).filters, room(least - 1).to), (Some(-17), None));
    assert!(room(madds).to == Some(64));
}

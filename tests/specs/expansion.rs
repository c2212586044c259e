//! The law of `nas expand`: a spec and its expansion have one analysis, and an expansion is its own expansion.

use nas::base::Sources;
use nas::cli::BUILT_IN;
use nas::expr::Decisions;
use nas::expr::Value;
use nas::spec::expand;

use crate::network;
use crate::network::Network;

/// Checks the law.
pub(crate) fn check(name: &str, network: &Network) {
    let expansion = expand(&network.spec, &network.graph);
    let flat = network::of("expansion.yaml", &expansion, Decisions::default());
    let [wanted, found] = [network, &flat].map(|network| serde_json::to_string_pretty(&network.analysis()).unwrap());
    assert!(wanted == found, "{name}: the expansion has another analysis\n{expansion}\n{wanted}\n{found}");
    assert_eq!(flat.decisions.found(), [], "{name}: nothing is left to decide");
    assert_eq!(expand(&flat.spec, &flat.graph), expansion, "{name}: expanding twice");
}

#[test]
fn of_every_built_in_spec() {
    for (name, _) in BUILT_IN {
        check(name, &network::built_in(name));
    }
}

/// Every value of every decision of the small space, one at a time, then a few together.
#[test]
fn with_decisions_taken() {
    let (_, text) = BUILT_IN.iter().find(|(name, _)| *name == "tiny-space").unwrap();
    let start = network::built_in("tiny-space");
    let mut choices: Vec<Vec<(String, Value)>> = Vec::new();
    for decision in start.decisions.found() {
        choices.extend(decision.options.iter().map(|value| vec![(decision.path.clone(), value)]));
    }
    assert!(choices.len() > 20, "the space is small, but not that small: {choices:?}");
    let last: Vec<(String, Value)> = start
        .decisions
        .found()
        .iter()
        .filter_map(|decision| Some((decision.path.clone(), decision.options.iter().last()?)))
        .collect();
    choices.push(last.into_iter().filter(|(path, _)| !path.contains("share")).collect());
    for chosen in choices {
        let mut sources = Sources::default();
        let name = format!("tiny-space with {chosen:?}");
        match network::read(&mut sources, "tiny-space.yaml", text, Decisions::new(chosen)) {
            Ok(network) => check(&name, &network),
            Err(found) => panic!("{name}: {found:#?}"),
        }
    }
}

/// Specs whose names, heads or ends an expansion could get wrong.
#[test]
fn of_awkward_specs() {
    for text in [
        "net: {a: {}}",
        "budget: {madds: 1752402206.7756911, params: 1e30}\nnet: {a: {conv: 3}}",
        "name: 'null'\nnet: {a: {}}",
        "name: '---'\nnet: {a: {conv: 3}}",
        "name: \"a\\nb: {\"\nnet: {a: {conv: 3}}",
        "net: {a: {conv: 3}, main: {from: in}}",
        "net: {main: {from: in}}\nheads: {a: {from: in}}",
        "net: {main: {conv: 2}, a: {conv: 4}, b: {from: main}}",
        "net: [{conv: 4}, {net: [{conv: 3}, {fc: 2}], repeat: 2}, {}]",
        "net: [{conv: 4}]\nheads: {h: {conv: 3, from: 1}, k: {net: [{fc: 3}], from: h}, l: {from: 1, train_only: true}}\ncompare: [1]",
        "net: {a: {conv: 4}}\nheads: {a: {from: a}, b: {fc: 2, weight: 1/3, train_only: true}}",
        "net: {a: {repeat: 0, conv: 4}, b: {conv: 4, when: 1 > 2}}",
        "net: {a: {inception: {1x1: 4, x: {inception: {3x3: [2, 4], pool: through}}, pool: 2}}}",
        "net: {a: {inception: {x: [{conv: 4, act: relu}], y: {norm: batch, act: tanh}}}}",
        "modules: {m: {norm: batch, act: relu}}\nnet: {a: m, b: {m: {}, repeat: 2}, c: {add: [a, b.1, b]}}",
    ] {
        let text = format!("nas: 1\ninput: {{image: [3, 9, 9], two: [2, 9, 9]}}\n{text}\n");
        check(&text, &network::of("awkward.yaml", &text, Decisions::default()));
    }
}

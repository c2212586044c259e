//! No text meets another or leaves the page, and what a bar shows is what the analysis says.

use super::*;
use crate::analyze::Options;
use crate::analyze::analyze;
use crate::base::Shape;
use crate::graph::GraphBuilder;
use crate::op::Concat;
use crate::op::Conv;
use crate::op::Linear;
use crate::report::picture::Mark;

/// A stem, modules with named branches, a long name, a classifier.
fn sample(budget: Option<u64>) -> Analysis {
    let mut net = GraphBuilder::new("a-network-with-a-name-that-is-much-longer-than-a-title-can-be-in-a-narrow-column");
    let image = net.input("image", Shape::new(3, 64, 64));
    let mut last = net.layer("a_first_layer_with_a_long_name", [Conv::new(32, 3).into()], &[image]);
    for module in 0..12 {
        net.open(&format!("m{module}"), None);
        let one = net.layer("1x1", [Conv::new(16 + 8 * module, 1).into()], &[last]);
        net.open("3x3", None);
        let reduce = net.layer("reduce", [Conv::new(16, 1).into()], &[last]);
        let three = net.add(Conv::new(32, 3), &[reduce]);
        net.close();
        let second = net.layer("3x3b", [Conv::new(8, 3).into()], &[last]);
        let named = net.layer("side", [Conv::new(4, 5).into()], &[last]);
        let pool = net.layer("pool", [Conv::new(8, 1).into()], &[last]);
        last = net.add(Concat, &[one, three, second, named, pool]);
        net.close();
    }
    let logits = net.layer("logits", [Linear { width: 10, bias: true }.into()], &[last]);
    net.output("main", logits);
    let analysis = analyze(&net.finish().expect("a network"), &Options::default());
    analysis.with_limits(budget.map(|limit| (crate::base::Quantity::Madds, limit)))
}

/// The sample with budgets that are broken, kept and absent.
fn samples() -> Vec<Analysis> {
    let total = sample(None).totals.madds;
    [None, Some(total * 9 / 10), Some(total * 50), Some(total / 100), Some(total)].map(sample).into()
}

/// All texts of a picture with their boxes, those in groups too.
fn texts(marks: &[Mark]) -> Vec<(&Text, Area)> {
    let of = |mark| match mark {
        &Mark::Text(ref text, area) => vec![(text, area)],
        Mark::Group(_, inner) => texts(inner),
        Mark::Panel(_) | Mark::Path { .. } | Mark::Marker { .. } => Vec::new(),
    };
    marks.iter().flat_map(of).collect()
}

/// The parts of bars with the multiply-adds that their titles tell, as they follow one another.
fn parts(picture: &Picture) -> Vec<(Area, u64)> {
    let of = |mark: &Mark| {
        let Mark::Group(tag, inner) = mark else { return None };
        let title = tag.title.as_ref().filter(|_| tag.class == "part")?;
        let number = title.strip_suffix(" multiply-adds")?.rsplit(": ").next()?;
        let madds = number.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()?;
        let Some(Mark::Panel(panel)) = inner.first() else { return None };
        Some((panel.area, madds))
    };
    picture.marks.iter().filter_map(of).collect()
}

#[test]
fn no_text_meets_another_or_leaves_the_page() {
    for analysis in samples() {
        for width in [Width::Page, Width::Column, Width::Half, Width::Wide] {
            let picture = cost_by_module(&analysis, width);
            let texts = texts(&picture.marks);
            assert!(texts.len() > 40);
            for (at, (text, area)) in texts.iter().enumerate() {
                let inside = area.left >= 0 && area.right <= picture.width && area.top >= 0 && area.bottom <= picture.height;
                assert!(inside, "{text:?} leaves the page: {area:?}");
                for (other, other_area) in &texts[..at] {
                    assert!(!area.meets(*other_area), "{width:?}: {:?} meets {:?}", text.words, other.words);
                }
            }
        }
    }
}

#[test]
fn bars_are_as_long_as_what_they_stand_for() {
    for width in [Width::Page, Width::Column] {
        let analysis = sample(None);
        let picture = cost_by_module(&analysis, width);
        let bars = parts(&picture);
        let last = bars.iter().map(|(area, _)| area.top).max().expect("bars");
        let (whole, rows): (Vec<_>, Vec<_>) = bars.into_iter().partition(|(area, _)| area.top == last);
        let tops: Vec<&crate::analyze::Row> = analysis.tree.children.iter().flat_map(|stage| &stage.children).collect();
        let most = tops.iter().map(|row| row.madds).max().expect("rows");
        let left = rows.iter().map(|(area, _)| area.left).min().expect("bars");
        let right = rows.iter().map(|(area, _)| area.right).max().expect("bars");
        for (area, madds) in &rows {
            let exact = *madds as f64 / most as f64 * f64::from(right - left);
            assert!((f64::from(area.width()) - exact).abs() <= 1.0, "{madds} is {} long", area.width());
        }
        for (parts, total) in [(&rows, analysis.totals.madds), (&whole, analysis.totals.madds)] {
            assert_eq!(parts.iter().map(|(_, madds)| madds).sum::<u64>(), total);
        }
        let mut shown: Vec<(i32, u64)> = Vec::new();
        for (area, madds) in rows {
            match shown.last_mut() {
                Some((top, sum)) if *top == area.top => *sum += madds,
                _ => shown.push((area.top, madds)),
            }
        }
        let expected: Vec<u64> = tops.iter().map(|row| row.madds).filter(|&madds| madds > 0).collect();
        assert_eq!(shown.into_iter().map(|(_, madds)| madds).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn many_layers_are_few_bars() {
    let mut net = GraphBuilder::new("deep");
    let mut last = net.input("image", Shape::new(4, 8, 8));
    for layer in 0..500 {
        last = net.layer(&format!("c{layer}"), [Conv::new(4, 3).into()], &[last]);
    }
    net.output("main", last);
    let analysis = analyze(&net.finish().expect("a network"), &Options::default());
    let groups = groups(&analysis);
    let bars: Vec<&Bar> = groups.iter().flat_map(|group| &group.bars).collect();
    assert_eq!(bars.len(), 61);
    assert_eq!(bars[60].name, "440 more");
    assert_eq!(bars.iter().map(|bar| bar.madds).sum::<u64>(), analysis.totals.madds);
}

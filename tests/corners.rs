//! The corners of spaces against a table that another calculator made, one candidate after the other.

use nas::base::Sources;
use nas::cli::BUILT_IN;
use nas::spec::Certainty;

#[test]
fn corners_equal_the_table() {
    let mut rows = include_str!("fixtures/truth/corners.csv").lines().filter(|line| !line.starts_with('#')).skip(1).peekable();
    assert!(rows.peek().is_some(), "the table has rows");
    for row in rows {
        let (name, numbers) = row.split_once(',').expect("a name");
        let numbers: Vec<u64> = numbers.split(',').map(|number| number.parse().expect("an integer")).collect();
        let [points, least_madds, most_madds, least_params, most_params, within, conditions] = numbers[..] else {
            panic!("a row has seven numbers: {row}")
        };
        let (_, text) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name).expect("a built-in spec");
        let mut sources = Sources::default();
        let file = sources.add(format!("{name}.yaml"), *text);
        let spec =
            nas::spec::load(&mut sources, file, &mut |_, _| Err("nothing is extended".to_owned())).spec.expect("it is valid");
        let corners = nas::spec::corners(&spec, &nas::spec::Space::of(&spec)).expect("it has decisions");
        assert_eq!(corners.points, Some(u128::from(points)), "{name}");
        assert_eq!(corners.certainty, Certainty::Exact, "{name}");
        assert_eq!((corners.madds, corners.params), ([least_madds, most_madds], [least_params, most_params]), "{name}");
        let counted = corners.counted.expect("few enough to count");
        assert_eq!(
            (counted.within_budget, counted.within_conditions, counted.invalid),
            (Some(within), Some(conditions), 0),
            "{name}"
        );
    }
}

//! The corners of a space on a terminal.

use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;
use crate::spec::Certainty;
use crate::spec::Corners;

/// The corners as text.
pub fn corners(corners: &Corners, paint: &Paint) -> String {
    let points = corners.points.map_or_else(|| "more than 2^128".to_owned(), units::grouped);
    let rest = format!(
        "   {} decision{}, {points} combinations",
        corners.decisions.len(),
        if corners.decisions.len() == 1 { "" } else { "s" }
    );
    let mut text = format!("{}{}\n\n", paint.text(Colour::Bold, &corners.name), paint.text(Colour::Faint, &rest));
    let certainty = match corners.certainty {
        Certainty::Exact => "exact: some candidate costs that",
        Certainty::Bound => "bound: no candidate lies beyond, but none may lie there",
    };
    text += &paint.text(Colour::Faint, &format!("{:8}{:>22}{:>18}", "", "madds", "params"));
    text.push('\n');
    for (name, at) in [("least", 0), ("most", 1)] {
        let (madds, params) = (units::grouped(corners.madds[at].into()), units::grouped(corners.params[at].into()));
        text += &format!("{}{madds:>width$}{params:>18}\n", paint.text(Colour::Bold, name), width = 30 - name.len());
    }
    text += &paint.text(Colour::Faint, certainty);
    text.push('\n');
    if let Some(counted) = corners.counted {
        let number = |number: u64| units::grouped(number.into());
        text += &format!("\n{} networks walked one by one, which stand for all combinations\n", number(counted.walked));
        if counted.invalid > 0 {
            text += &format!("{} combinations are no valid network\n", number(counted.invalid));
        }
        if let Some(within) = counted.within_budget {
            text += &format!("within the budget: {}\n", number(within));
        }
        if let Some(within) = counted.within_conditions {
            text += &format!("of these, keeping the conditions of `search: where`: {}\n", number(within));
        }
    }
    let decisions: Vec<String> = corners.decisions.iter().map(|(path, values)| format!("{path} ({values})")).collect();
    text + &paint.text(Colour::Faint, &format!("decisions: {}\n", decisions.join(", ")))
}

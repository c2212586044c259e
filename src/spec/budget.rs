//! The `budget` section: limits that `nas check` enforces and every analysis prints the distance to.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::nearest;
use crate::spec::Budget;
use crate::spec::Limit;
use crate::spec::read::Reader;
use crate::yaml::Key;
use crate::yaml::Node;

/// What a budget can limit: multiply-adds, parameters, bytes live at once in `f32`.
pub(super) const QUANTITIES: [&str; 3] = ["madds", "params", "memory"];

/// Reads the section.
pub(super) fn read(reader: &mut Reader<'_>, key: &Key, value: &Node) -> Budget {
    let mut limits = Vec::new();
    for (quantity, value) in reader.entries(key, value) {
        if !QUANTITIES.contains(&&*quantity.text) {
            let fault = Diagnostic::new(Code::E0205, quantity.span, format!("a budget has no `{}`", quantity.text), "");
            let fault = fault.with_help(format!("it limits {}", QUANTITIES.join(", ")));
            reader.fault(match nearest(&quantity.text, QUANTITIES) {
                Some(right) => fault.with_patch(format!("did you mean `{right}`?"), right),
                None => fault,
            });
            continue;
        }
        let Some(text) = value.scalar() else {
            let message = format!("the limit of `{}` is a number, not {}", quantity.text, value.describes());
            reader.fault(Diagnostic::new(Code::E0200, value.span, message, ""));
            continue;
        };
        match crate::expr::parse_quantity(text, value.span) {
            Ok(most) if most.floor().to_integer().is_some_and(|most| most > 0) => {
                limits.push(Limit { quantity: quantity.clone(), most, span: value.span });
            }
            Ok(most) => {
                let message = format!("the limit of `{}` must be at least 1, got {most}", quantity.text);
                reader.fault(Diagnostic::new(Code::E0303, value.span, message, ""));
            }
            Err(fault) => reader.fault(*fault),
        }
    }
    Budget { limits }
}

//! The `budget` section: limits that `nas check` enforces and every analysis prints the distance to.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Quantity;
use crate::base::nearest;
use crate::spec::Budget;
use crate::spec::Limit;
use crate::spec::read::Reader;
use crate::yaml::Key;
use crate::yaml::Node;

/// Reads the section.
pub(super) fn read(reader: &mut Reader<'_>, key: &Key, value: &Node) -> Budget {
    let mut limits = Vec::new();
    let words = Quantity::ALL.map(Quantity::word);
    for (name, value) in reader.entries(key, value) {
        let Some(quantity) = Quantity::find(&name.text) else {
            let fault = Diagnostic::new(Code::E0205, name.span, format!("a budget has no `{}`", name.text), "");
            let fault = fault.with_help(format!("it limits {}", words.join(", ")));
            reader.fault(match nearest(&name.text, words) {
                Some(right) => fault.with_patch(format!("did you mean `{right}`?"), right),
                None => fault,
            });
            continue;
        };
        let Some(text) = value.scalar() else {
            let message = format!("the limit of `{quantity}` is a number, not {}", value.describes());
            reader.fault(Diagnostic::new(Code::E0200, value.span, message, ""));
            continue;
        };
        match crate::expr::parse_quantity(text, value.span) {
            Ok(most) if most.floor().to_integer().is_some_and(|most| most > 0) => {
                limits.push(Limit { quantity, most, span: value.span });
            }
            Ok(most) => {
                let message = format!("the limit of `{quantity}` must be at least 1, got {most}");
                reader.fault(Diagnostic::new(Code::E0303, value.span, message, ""));
            }
            Err(fault) => reader.fault(*fault),
        }
    }
    Budget { limits }
}

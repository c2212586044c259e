//! What a network does not reach may hold values that only a guard keeps in range: such specs are valid.

use nas::base::Severity;
use nas::base::Sources;
use nas::expr::Decisions;

use crate::network;

const GUARDED: [&str; 13] = [
    "vars: {d: 1 | 3}\nnet: {s: {conv: 8, repeat: d}, r: {add: [s.1, s.3], when: d == 3}}",
    "vars: {w: 8 | 9}\nnet: {a: {conv: 8}, b: {inception: {total: w, share: {1x1: 1/3, 3x3: 2/3}}, when: w == 9}}",
    "vars: {w: 16}\nnet: {a: {conv: 8}, b: {conv: w - 64, when: w > 64}}",
    "vars: {k: 0}\nnet: {a: {conv: 8}, b: {conv: 8, kernel: k, when: k > 0}}",
    "vars: {act: none}\nnet: {a: {conv: 8}, b: {conv: 8, act: act, when: act != none}}",
    "modules: {m: {args: {e: required}, net: {a: {conv: e * in}, b: {take: in / 8}}}}\nnet: {a: {conv: 4}}",
    "modules: {m: {args: {n: required, stride: 1}, net: {a: {conv: n, stride: stride}, b: {add: [a, in], when: stride == 1 and n == in}}}}\n\
     net: {a: {m: {n: 8, stride: 2}}}",
    "modules: {m: {args: {se: none}, net: {a: {conv: 8}, b: {conv: se, when: se != none}}}}\nnet: {a: {m: {}}}",
    "modules: {two: {inputs: [new, old], net: {a: {add: [new, old]}}}}\nnet: {a: {conv: 8}}",
    "modules: {a: {conv: 8}, b: {avg: 3, pad: same}}\nnet: {x: {a | b: {}, repeat: 3}, y: {concat: [x.1, x.3]}}",
    "net: {a: {conv: 8}, b: {conv: 8, stride: 1 then 2, repeat: 0}}",
    "net: {a: {conv: 8 .. 64 by 8}, b: {conv: 8 | 16, act: none | relu, norm: none | batch, eps: 1e-3}}",
    "vars: {u: 8 | 4, t: 64 | 100}\nnet: {a: {inception: {total: t, share: {1x1: 1/2, 3x3: 1/4, pool: rest}, unit: u}}}",
];

#[test]
fn guarded_values_are_no_faults() {
    for rest in GUARDED {
        let text = format!("nas: 1\ninput: {{image: [8, 16, 16]}}\n{rest}\n");
        let found = match network::read(&mut Sources::default(), "guarded.yaml", &text, Decisions::default()) {
            Ok(network) => network.found,
            Err(found) => found,
        };
        let errors: Vec<_> = found.iter().filter(|finding| finding.severity() == Severity::Error).collect();
        assert!(errors.is_empty(), "{text}{errors:#?}");
    }
}

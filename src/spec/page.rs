//! Pages of the manual about the language itself; those of operators are in `op`.

use crate::op::Setting;
use crate::spec::vocabulary::OF_HEADS;
use crate::spec::vocabulary::OF_SHARES;
use crate::spec::vocabulary::SEARCH;
use crate::spec::vocabulary::TRAIN;

/// One page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// What it is found under; the first word is its title.
    pub words: &'static [&'static str],
    /// What it is, in a few words.
    pub title: &'static str,
    /// Paragraphs, apart by empty lines.
    pub doc: &'static str,
    /// Settings that the page lists.
    pub settings: &'static [Setting],
    /// A spec without its first line and input, or a whole one where it begins with `nas: 1`.
    pub example: &'static str,
}

/// Every page, in the order in which the language is learned.
pub const PAGES: &[Page] = &[
    Page {
        words: &["nas", "version"],
        title: "section: the language's version",
        doc: "The first line of a spec is `nas: 1`. A spec is a map of sections; `input` and `net` are always there, in a \
              file that `extends` another also by it. Sections that begin with `x-` are ignored: a place for notes.",
        settings: &[],
        example: "nas: 1\ninput: {image: [3, 32, 32]}\nnet:\n  conv1: {conv: 64}\nx-source: figure 3\n",
    },
    Page {
        words: &["name"],
        title: "section: what results call the network",
        doc: "A text. Without it a network is called after its file.",
        settings: &[],
        example: "name: tiny\nnet:\n  conv1: {conv: 64}\n",
    },
    Page {
        words: &["doc"],
        title: "section: a text for people",
        doc: "It says where the network comes from and what it was checked against.",
        settings: &[],
        example: "doc: one convolution\nnet:\n  conv1: {conv: 64}\n",
    },
    Page {
        words: &["input"],
        title: "section: the network's inputs",
        doc: "Each input is `name: [channels, height, width]`. Layers call the first one `in`, and each by its name; in an expression both \
              are the number of channels. `--input 3x299x299` replaces the shape.",
        settings: &[],
        example: "nas: 1\ninput: {image: [3, 224, 224]}\nnet:\n  conv1: {conv: 64, kernel: 7, stride: 2}\n",
    },
    Page {
        words: &["net", "body", "layer"],
        title: "section, and a kind: layers in order",
        doc: "A body is a map of named layers, or a list whose names are the positions 1, 2, ... Each layer reads the one above unless it has \
              `from`; the body gives what its last layer gives. As a kind, `{net: BODY}` is a module without a name.\n\n\
              A layer is one kind, then `norm`, then `act`. Without a kind it is the identity; `{}` is nothing at all.",
        settings: &[],
        example: "net:\n  stem: {conv: 64, kernel: 3, norm: batch, act: relu}\n  \
                  pair: {net: {a: {conv: 32}, b: {conv: 64, kernel: 3}}}\n",
    },
    Page {
        words: &["from", "in"],
        title: "setting of every layer: what it reads",
        doc: "The name of a layer above, or a path into it: `/` goes into a module or branch, `.N` is a copy. `in` is the input of the net or \
              of the module. Kinds that join (`add`, `mul`, `concat`) list their layers instead; a module with several `inputs` takes a list. \
              In an expression `in` is the number of channels of that input.",
        settings: &[],
        example: "net:\n  3a:   {inception: {1x1: 64, 3x3: [96, 128]}}\n  tap:  {conv: 32, from: 3a/3x3/reduce}\n  \
                  join: {concat: [3a, tap]}\n",
    },
    Page {
        words: &["inception", "branch", "through"],
        title: "kind: branches side by side, joined in written order",
        doc: "A branch whose name begins with its kernel (`3x3`, `1x7`, `3x3b`) takes a width, or `[reduce, width, ...]`: a \
              1x1 convolution to `reduce` channels, then one convolution of the kernel for each further number. `pool: width` \
              is a 3x3 maximum with stride 1 and a 1x1 projection, `pool: through` the maximum alone. Under any name stands a \
              layer or a list of layers, whose kernels, strides and pools are free.\n\nBranches read what the module reads \
              and must agree in height and width. Paths: `3a/3x3` is the branch's last convolution, `3a/3x3/reduce` the one \
              before it, `3a/3x3/2` one between; in a list the layers are 1, 2, ... `nas explain share` has the form by \
              shares of a total.",
        settings: &[],
        example: "net:\n  3a: {inception: {1x1: 64, 3x3: [96, 128], 5x5: [16, 32], pool: 32}}\n  3b:\n    inception:\n      \
                  3x3:  [{conv: 128}, {conv: 160, kernel: 3, stride: 2}]\n      pool: [{max: 3, stride: 2, pad: 1}]\n",
    },
    Page {
        words: &["share", "total", "reduce", "unit", "rest"],
        title: "settings of `inception`: widths as shares of a total",
        doc: "`total` is the output's width, `share` gives each branch a fraction of it, and the fractions sum to 1; one \
              branch may take the `rest`. `reduce` gives the reductions a fraction of their branch's width. Branches are \
              named by their kernel, or `pool`.\n\nWith `unit: 1` every width must come out whole. With a larger unit widths \
              are multiples of it: each is rounded down, and what is left goes to the largest remainders, the earlier branch \
              first; a reduction is rounded to the nearest unit, at least one. All shares of a module are one decision, \
              `3b:share`.",
        settings: OF_SHARES,
        example: "net:\n  \
                  3b: {inception: {total: 480, share: {1x1: 4/15, 3x3: 2/5, 5x5: 1/5, pool: rest}, reduce: {3x3: 2/3, 5x5: 1/3}}}\n  \
                  3c: {inception: {total: 256 | 320, unit: 8, share: {1x1: 1/4, 3x3: 1/2, pool: rest}}}\n",
    },
    Page {
        words: &["modules", "module", "args", "required", "inputs"],
        title: "section: kinds of your own",
        doc: "A module has `args` with their defaults (`required` for none), its own `defaults`, and its layers under `net`, or one layer directly. \
              It is used like a kind: `{cell: {n: 64}}`, `{cell: 64}` for the first argument, `cell` alone. A body sees its layers, its arguments, \
              `vars` and `in`, never the layers of its user. `inputs: [a, b]` names several inputs, which a list in `from` binds.",
        settings: &[],
        example: "modules:\n  res:\n    args: {n: required, stride: 1}\n    net:\n      a:     {conv: n, kernel: 3, stride: stride, act: relu}\n      \
                  b:     {conv: n, kernel: 3}\n      short: {conv: n, stride: stride, from: in, when: stride > 1 or in != n}\n      \
                  sum:   {add: [b, short], act: relu}\nnet:\n  r1: {res: 64}\n  r2: {res: {n: 128, stride: 2}}\n",
    },
    Page {
        words: &["repeat", "i", "copy"],
        title: "setting of every layer: copies one behind the other",
        doc: "`repeat: 3` makes the copies `s.1`, `s.2`, `s.3`; the first reads what the layer says it reads, each other one \
              the copy before; `s` is the last. In the layer's own lines `i` is the number of the copy. `repeat: 0` leaves \
              the layer out.",
        settings: &[],
        example: "net:\n  s: {conv: 16 * 2 ^ i, kernel: 3, repeat: 3}\n",
    },
    Page {
        words: &["then"],
        title: "form of a value: one for each copy",
        doc: "Under `repeat`, `a then b then c` is `a` for the first copy, `b` for the second and `c` for all others. It \
              stands in the layer's own lines, also inside the arguments of a module, and anywhere else is an error.",
        settings: &[],
        example: "net:\n  s: {conv: 64 then 128, kernel: 3, stride: 2 then 1, repeat: 3}\n",
    },
    Page {
        words: &["when"],
        title: "setting of every layer: leaves it out",
        doc: "With `when: false` the layer is not there, and its readers read what it would have read: its `from`, else the first of its list, else \
              the layer above. The condition may use arguments, variables and `in`, or be a decision: `when: true | false`.",
        settings: &[],
        example: "net:\n  stem:  {conv: 64, kernel: 3}\n  extra: {conv: 64, kernel: 3, when: in > 1}\n  \
                  sum:   {add: [extra, stem], when: in > 3}\n",
    },
    Page {
        words: &["|", "decision", "alternative"],
        title: "search form: alternatives",
        doc: "`a | b | c` is a decision among values: numbers, words, `true | false`, pairs. It stands for a whole value, \
              also of an argument, of `repeat` and `when`, and in the place of a kind, `{max | avg: 3}`, where every \
              alternative takes the same value and settings.\n\nAnalysis takes the first alternative, or what `of` names. A \
              decision on a layer's line is one for all its copies; one in a module's body or in the defaults of its \
              arguments is one for each use and copy; one in `vars` is one for all that read the variable. `nas explain \
              place` says how to name it.",
        settings: &[],
        example: "net:\n  c1: {conv: 32 | 48 | 64, kernel: 3 | 5, act: relu | hswish}\n  p1: {max | avg: 2, stride: 2}\n",
    },
    Page {
        words: &["..", "range"],
        title: "search form: numbers of a range",
        doc: "`low .. high by step` is a decision among low, low + step, and so on up to high; one that stops short of high is \
              warned of, and without `by` the step is 1. Fractions are exact: `1/8 .. 1/2 by 1/32`. Analysis takes low, or \
              what `of` names.",
        settings: &[],
        example: "net:\n  c1: {conv: 32 .. 96 by 8}\n  c2: {conv: 64, kernel: 3, repeat: 1 .. 4}\n",
    },
    Page {
        words: &["of", "start"],
        title: "search form: the point that analysis takes",
        doc: "`start of alternatives` names the value that is taken when no search and no `--set` chooses. It may lie beside \
              the alternatives and is then one more of them, so that a space holds the network it was drawn around.",
        settings: &[],
        example: "net:\n  c1: {conv: 60 of 32 .. 96 by 8, kernel: 5 of 3 | 5 | 7}\n",
    },
    Page {
        words: &["by"],
        title: "setting of every layer: the variable that chooses the kind; in a range, its step",
        doc: "`{max | avg: 2, by: down}` takes the kind that the variable `down` holds, so that many layers share one \
              decision; the variable or argument holds one of the kinds as a word. Without `by` each choice of kinds is a \
              decision of its own, `p1:kind`. In `32 .. 96 by 8` it is the step; see `nas explain ..`.",
        settings: &[],
        example: "vars: {down: max | avg}\nnet:\n  p1: {max | avg: 2, stride: 2, by: down}\n  \
                  p2: {max | avg: 2, stride: 2, by: down}\n",
    },
    Page {
        words: &["place", "path", "/", ":", "."],
        title: "names of layers, copies and decisions",
        doc: "One notation for all: `/` goes into a module or branch, `.N` is a copy, `:` is a key of that layer. \
              `3a/3x3/reduce` is a layer, `s3.2/expand` lies in the second copy of `s3`, `s3.2/expand:norm` is the node its \
              `norm` makes, `stem:conv` and `stem:kernel` are decisions on the layer's line, `p1:kind` is its choice of \
              kinds, `mix:share` the shares of a module, `mix:reduce.3x3` the share of one reduction, `mix/3x3/reduce:conv` a \
              number of a branch, `s3:n` the argument `n` on the line of `s3`, and a variable's decision has the variable's \
              bare name.\n\n`from`, `add`, `concat` and `compare` take layers; `nas explain SPEC PATH` takes layers, \
              branches, modules and nodes; `--set PLACE:KEY=VALUE` and `search: where` take decisions, which `nas analyze \
              SPEC --corners` lists.",
        settings: &[],
        example: "vars: {w: 32 | 64}\nmodules:\n  cell:\n    args: {n: required}\n    \
                  net: [{conv: n, kernel: 3}, {conv: n, kernel: 3 | 5}]\nnet:\n  a:   {cell: w, repeat: 2}\n  \
                  tap: {conv: 8, from: a.1/1}\n  b:   {concat: [tap, a]}\n",
    },
    Page {
        words: &["table"],
        title: "setting of `conv`: which inputs each output reads",
        doc: "One row for each output channel, with the input channels that it reads, counted from 1. Links that no row names do not exist: they \
              cost nothing and have no weights. It excludes `groups`. LeNet-5's third layer is written so.",
        settings: &[],
        example: "net:\n  narrow: {conv: 4}\n  c3:     {conv: 3, kernel: 5, table: [[1, 2], [2, 3], [1, 2, 3, 4]]}\n",
    },
    Page {
        words: &["vars", "expression", "min", "floor", "ceil", "round", "round8"],
        title: "section: variables; expressions",
        doc: "A variable may use those above it and is seen everywhere. Expressions are exact: `+ - * / % ^`, comparisons, `and or not`, \
              `a if test else b`, and the functions min, max, floor, ceil, round and round8 (to a multiple of 8, at least 0.9 of it). A call with \
              several arguments must be quoted inside `{ }`. Numbers are fractions, never rounded unless a function says so; a lone name that is no \
              variable is a word.",
        settings: &[],
        example: "vars: {w: 3/4, wide: 64 * w}\nnet:\n  c1: {conv: wide}\n  c2: {conv: \"min(2 * wide, 80)\"}\n",
    },
    Page {
        words: &["defaults"],
        title: "section: settings by kind",
        doc: "Settings that layers of a kind have unless they say otherwise; `norm: {eps, momentum}` for all normalisations. A layer takes its own \
              setting, else that of the module whose text holds it, else the file's, else the built-in one, each setting for itself. \
              `norm: none` and `act: none` win over a default.",
        settings: &[],
        example: "defaults: {conv: {kernel: 3, norm: batch, act: relu}, norm: {eps: 0.001}}\nnet:\n  c1: {conv: 64}\n  \
                  c2: {conv: 64, act: none}\n",
    },
    Page {
        words: &["extends"],
        title: "section: another file as the base",
        doc: "Entries of `input`, `vars`, `defaults`, `modules`, `net`, `heads` and `budget` replace entries of the same name in their old place, new ones \
              go last, other sections are replaced whole. `{}` removes a layer, a module's use puts several in its place. The path begins in the folder \
              of the file in which it stands; built-in specs need none.",
        settings: &[],
        example: "nas: 1\nextends: googlenet.yaml\nnet:\n  norm1: {}\n  drop:  {dropout: 0.2}\n",
    },
    Page {
        words: &["heads", "head", "weight", "train_only"],
        title: "section: the network's results",
        doc: "Each head is a layer, with two settings more. One that is `train_only` is left out of inference: what only such heads \
              need is in no total, and `nas analyze` states it beside them. Without the section the last layer of `net` is the \
              result. A layer that no head needs is left out with a warning, unless `compare` names it.",
        settings: OF_HEADS,
        example: "net:\n  a:      {conv: 64, kernel: 3}\n  b:      {conv: 64, kernel: 3}\n  logits: {fc: 10}\nheads:\n  \
                  main: {from: logits}\n  aux:  {fc: 10, from: a, weight: 0.3, train_only: true}\n",
    },
    Page {
        words: &["budget"],
        title: "section: limits that `nas check` enforces",
        doc: "`madds` (multiply-adds), `params` (learned numbers) and `memory` (bytes of activations live at once, in f32), as whole numbers or with \
              a suffix: k M G T are powers of 1000, Ki Mi Gi Ti of 1024. Heads for training are not counted.",
        settings: &[],
        example: "budget: {madds: 1.5G, params: 7M, memory: 64 MiB}\nnet:\n  c1: {conv: 64}\n",
    },
    Page {
        words: &["compare"],
        title: "section: layers that are results beside the heads",
        doc: "Keeps layers that no head needs in the network and in its sums, so that several variants on one input can be \
              compared.",
        settings: &[],
        example: "net:\n  naive:   {inception: {1x1: 64, 3x3: 128}}\n  \
                  reduced: {inception: {1x1: 64, 3x3: [16, 128]}, from: in}\ncompare: [naive, reduced]\n",
    },
    Page {
        words: &["train"],
        title: "section: how the network is trained",
        doc: "Settings of the optimiser and of its course. They change no count.",
        settings: TRAIN,
        example: "net:\n  logits: {fc: 10}\ntrain: {epochs: 5, batch: 64, lr: 0.05, weight_decay: 5e-4, warmup: 1}\n",
    },
    Page {
        words: &["search", "where", "objective", "constraint"],
        title: "section: how a search goes over the decisions",
        doc: "What a search looks for and what it leaves out. A condition under `where` is quoted, since `[PLACE:KEY]` would \
              be a list; it compares decisions, may calculate with them, and holds of every candidate.",
        settings: SEARCH,
        example: "net:\n  a: {conv: 32 | 64}\n  b: {conv: 32 | 64}\nsearch:\n  objective: [max proxy, min madds]\n  \
                  where: [\"[b:conv] >= [a:conv]\"]\n",
    },
];

impl Page {
    /// The page with this word.
    pub fn find(word: &str) -> Option<&'static Page> {
        PAGES.iter().find(|page| page.words.contains(&word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Sources;
    use crate::expr::Decisions;
    use crate::spec::load;
    use crate::spec::lower;

    const GOOGLENET: &str = include_str!("../../specs/googlenet.yaml");

    #[test]
    fn every_example_is_a_spec_without_findings() {
        for page in PAGES {
            let text = if page.example.starts_with("nas: 1") {
                page.example.to_owned()
            } else {
                format!("nas: 1\ninput: {{image: [192, 28, 28]}}\n{}", page.example)
            };
            let mut sources = Sources::default();
            let file = sources.add(page.words[0], text.as_str());
            let loaded = load(&mut sources, file, &mut |name, _| Ok((name.to_owned(), GOOGLENET.to_owned())));
            let spec = loaded.spec.unwrap_or_else(|| panic!("{}: no spec", page.words[0]));
            let lowered = lower(&spec, Decisions::new([]), None);
            assert_eq!((loaded.found, lowered.found), (Vec::new(), Vec::new()), "{text}");
        }
    }

    #[test]
    fn no_word_has_two_pages() {
        let mut words: Vec<&str> = PAGES.iter().flat_map(|page| page.words).copied().collect();
        words.sort_unstable();
        assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "{words:?}");
    }
}

//! A network against its naive twin, in every form.

use std::fmt::Write;

use crate::analyze::Naive;
use crate::analyze::NaiveLimit;
use crate::analyze::NaiveModule;
use crate::analyze::Sums;
use crate::base::Quantity;
use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::csv::quoted;
use crate::report::gauge::limit_text;
use crate::report::grid::WIDEST;
use crate::report::grid::wrap;
use crate::report::hue::Hue;
use crate::report::markdown::escaped as in_markdown;
use crate::report::summary::bytes_unit;
use crate::report::table::unit_for;

/// What a naive twin is.
const RULE: &str = "no reductions, pool branches pass their input (figure 2a of the paper)";
/// Cells of the bars.
const BAR: usize = 18;
/// The columns right of the name without the bar.
const COLUMNS: [usize; 7] = [8, 9, 10, 10, 8, 12, 9];

/// `2.37x`; nothing where nothing is divided.
pub(super) fn ratio(naive: u64, reduced: u64) -> String {
    if reduced == 0 { String::new() } else { format!("{}x", units::fixed(naive.into(), reduced.into(), 2)) }
}

/// The table for a terminal.
pub fn naive_table(naive: &Naive, paint: &Paint) -> String {
    let table = Table::new(naive, paint);
    let mut text = paint.text(Colour::Bold, &naive.name);
    let fits = naive.name.chars().count() + RULE.len() + 26 <= paint.width;
    let about = format!(" against its naive twin:{}{RULE}", if fits { " " } else { "\n" });
    text += &(paint.text(Colour::Faint, &about) + "\n\n");
    text += &table.head();
    let longest = naive.modules.iter().map(NaiveModule::grown_ratio).max().unwrap_or(0);
    for module in &naive.modules {
        let bar = if table.bar > 0 { paint.bar(module.grown_ratio(), longest, table.bar) } else { String::new() };
        let bar = paint.text(Colour::Branch { hue: Hue::Five, reduces: false }, &bar);
        text += &table.line(&module.path, &table.of_module(module), &bar);
    }
    text += &table.sums();
    text += &why(naive, &table);
    for note in notes(naive) {
        text.extend(wrap(&note, paint.width.clamp(40, WIDEST)).iter().map(|line| paint.text(Colour::Faint, line) + "\n"));
    }
    text
}

impl NaiveModule {
    /// By how much the naive form is costlier, in thousandths: on the grown input, or on the same one.
    fn grown_ratio(&self) -> u128 {
        let naive = self.grown.unwrap_or(self.same_input);
        u128::from(naive.madds) * 1000 / u128::from(self.reduced.madds.max(1))
    }

    /// Channels that the naive form and the reduced one give.
    fn channels(&self) -> [u32; 2] {
        [self.grown.unwrap_or(self.same_input).channels[1], self.reduced.channels[1]]
    }
}

/// What lines of the table share.
struct Table<'a> {
    naive: &'a Naive,
    paint: &'a Paint,
    name: usize,
    bar: usize,
    unit: u128,
    prefix: &'static str,
}

impl<'a> Table<'a> {
    fn new(naive: &'a Naive, paint: &'a Paint) -> Table<'a> {
        let longest = naive.modules.iter().map(|module| module.path.chars().count()).max().unwrap_or(0);
        let name = longest.max(10) + 1;
        let rest = name + COLUMNS.iter().sum::<usize>() + 2;
        let bar = if rest + BAR <= paint.width { BAR } else { 0 };
        let (unit, prefix) = unit_for(naive.sums.same_input.madds.max(naive.reduced.madds).into());
        Table { naive, paint, name, bar, unit, prefix }
    }

    fn madds(&self, madds: u64) -> String {
        units::fixed(madds.into(), self.unit, u32::from(self.unit > 1))
    }

    fn head(&self) -> String {
        let madds = format!("madds{}", if self.prefix.is_empty() { String::new() } else { format!(", {}", self.prefix) });
        let [naive, reduced, same, written, ratio, grown, grown_ratio] = COLUMNS;
        let grows = self.naive.grown.is_some();
        let grown_input = if self.bar > 0 { "input grown as well" } else { "grown input" };
        let blank = if grows { format!("{madds}: {grown_input}") } else { String::new() };
        let first = format!(
            "{:name$}{:>channels$}{:>same$}  {blank:>grown$}",
            "",
            "channels out",
            format!("{madds}: same input"),
            name = self.name,
            channels = naive + reduced,
            same = same + written + ratio,
            grown = grown + grown_ratio,
        );
        let titles = ["naive", "reduced", "naive", "reduced", "ratio", "naive", "ratio"].map(str::to_owned);
        let titles = if grows { titles } else { without_grown(titles) };
        self.faint(&first) + &self.faint(&self.cells("module", &titles))
    }

    fn faint(&self, line: &str) -> String {
        self.paint.text(Colour::Faint, line.trim_end()) + "\n"
    }

    fn cells(&self, name: &str, cells: &[String; 7]) -> String {
        let mut text = format!("{name:width$}", width = self.name);
        for (cell, width) in cells.iter().zip(COLUMNS) {
            write!(text, "{cell:>width$}").expect("writing to a string");
        }
        text
    }

    fn line(&self, name: &str, cells: &[String; 7], bar: &str) -> String {
        format!("{}  {bar}", self.cells(name, cells)).trim_end().to_owned() + "\n"
    }

    fn of_module(&self, module: &NaiveModule) -> [String; 7] {
        let [naive, reduced] = module.channels().map(|channels| units::grouped(channels.into()));
        let (written, same) = (module.reduced.madds, module.same_input.madds);
        let grown = module.grown.map(|form| form.madds);
        [
            naive,
            reduced,
            self.madds(same),
            self.madds(written),
            ratio(same, written),
            grown.map(|grown| self.madds(grown)).unwrap_or_default(),
            grown.map(|grown| ratio(grown, written)).unwrap_or_default(),
        ]
    }

    /// A line that has a figure of the network as written and one of its twin.
    fn pair(&self, name: &str, format: impl Fn(u64) -> String, reduced: u64, grown: Option<u64>) -> String {
        let mut cells: [String; 7] = Default::default();
        cells[3] = format(reduced);
        if let Some(grown) = grown {
            (cells[5], cells[6]) = (format(grown), ratio(grown, reduced));
        }
        self.line(name, &cells, "")
    }

    /// The modules together, what is around them, the network, its parameters and its memory.
    fn sums(&self) -> String {
        let Naive { sums, reduced, grown, .. } = self.naive;
        let (written, same) = (sums.reduced.madds, sums.same_input.madds);
        let none = String::new;
        let width = self.name + COLUMNS.iter().sum::<usize>() + if self.bar > 0 { 2 + self.bar } else { 0 };
        let rule = if self.paint.unicode { "─" } else { "-" };
        let mut text = self.faint(&rule.repeat(width));
        let of_modules = [
            none(),
            none(),
            self.madds(same),
            self.madds(written),
            ratio(same, written),
            sums.grown.map(|grown| self.madds(grown.madds)).unwrap_or_default(),
            sums.grown.map(|grown| ratio(grown.madds, written)).unwrap_or_default(),
        ];
        text += &self.line("modules", &of_modules, "");
        let (rest, grown_rest) = self.naive.rest();
        let madds = |number| self.madds(number);
        text += &self.pair("the rest", madds, rest.madds, grown_rest.map(|rest| rest.madds));
        let network = grown.as_ref().map(|grown| grown.madds);
        let cells = self.pair("network", madds, reduced.madds, network);
        text += &self.paint.text(Colour::Bold, cells.trim_end());
        text.push('\n');
        let (unit, prefix) = unit_for(grown.as_ref().map_or(reduced.params, |grown| grown.params).into());
        let name = if prefix.is_empty() { "params".to_owned() } else { format!("params, {prefix}") };
        let params = |number: u64| units::fixed(number.into(), unit, if unit > 1 { 3 } else { 0 });
        text += &self.pair(&name, params, reduced.params, grown.as_ref().map(|grown| grown.params));
        let (unit, name) = bytes_unit(reduced.peak_bytes);
        let bytes = |number: u64| units::fixed(number.into(), unit, 2);
        text += &self.pair(&format!("live, {name}"), bytes, reduced.peak_bytes, grown.as_ref().map(|grown| grown.peak_bytes));
        if reduced.heads != Sums::default() {
            text += &self.pair("heads", madds, reduced.heads.madds, grown.as_ref().map(|grown| grown.heads.madds));
        }
        text
    }
}

fn without_grown(titles: [String; 7]) -> [String; 7] {
    let [a, b, c, d, e, ..] = titles;
    [a, b, c, d, e, String::new(), String::new()]
}

/// Where the cost goes, by kind of branch.
fn why(naive: &Naive, table: &Table<'_>) -> String {
    if naive.kinds.is_empty() {
        return "\nnothing to drop: every module is naive as written\n".to_owned();
    }
    let count = naive.modules.iter().filter(|module| !module.for_training).count();
    let modules = if count == 1 { "the module".to_owned() } else { format!("all {count} modules") };
    let mut text = format!(
        "\n{}   {}\n",
        table.paint.text(Colour::Bold, "why"),
        table.paint.text(Colour::Faint, &format!("(same input, {modules})"))
    );
    let names = naive.kinds.iter().map(|kind| kind.kind.len()).max().unwrap_or(0);
    for kind in &naive.kinds {
        let [before, after] = [kind.same_input.madds, kind.reduced.madds].map(|madds| table.madds(madds));
        let prefix = table.prefix;
        let line = format!("  {:names$} branches {before:>9} {prefix}  -> {after:>9} {prefix}", kind.kind);
        if kind.same_input.madds >= kind.reduced.madds {
            text += format!("{line}  {:>7}", ratio(kind.same_input.madds, kind.reduced.madds)).trim_end();
        } else {
            text += line.trim_end();
            let says = price(naive).unwrap_or_default();
            let fits = line.chars().count() + says.len() + 11 <= table.paint.width;
            text += &if fits { format!("{:11}{says}", "") } else { format!("\n    {says}") };
        }
        text = text.trim_end().to_owned() + "\n";
    }
    text
}

/// What the projections are for.
fn price(naive: &Naive) -> Option<String> {
    let [naive, reduced] = naive.modules.iter().rfind(|module| !module.for_training)?.channels();
    if naive <= reduced {
        return None;
    }
    let [naive, reduced] = [naive, reduced].map(|channels| units::grouped(channels.into()));
    Some(format!("the price of {reduced} channels, not {naive}"))
}

/// What the numbers do not say: limits, a network that cannot grow, branches that are left.
fn notes(naive: &Naive) -> Vec<String> {
    let mut notes: Vec<String> = naive.budget.iter().map(limit).collect();
    if let Some(misfit) = &naive.misfit {
        notes.push(format!("the naive modules make no network: {misfit}"));
    }
    notes.extend(left(naive));
    if naive.modules.iter().any(|module| module.for_training) {
        let names: Vec<&str> = naive.modules.iter().filter(|module| module.for_training).map(|module| &*module.path).collect();
        notes.push(format!("training only, in no sum: {}", names.join(", ")));
    }
    notes
}

/// Branches without a naive form.
fn left(naive: &Naive) -> Option<String> {
    let of_modules = naive.modules.iter().map(|module| (&module.path, &module.left));
    let all = of_modules.chain(naive.left.iter().map(|left| (&left.path, &left.branches)));
    let each: Vec<String> =
        all.filter(|(_, left)| !left.is_empty()).map(|(path, left)| format!("{path} ({})", left.join(", "))).collect();
    (!each.is_empty())
        .then(|| format!("left as written, for a list of layers does not say which of them reduces: {}", each.join(", ")))
}

fn limit(limit: &NaiveLimit) -> String {
    let of = |actual: u64| format!("{} %", units::signed_share(actual.into(), limit.limit.into()));
    let what = if limit.quantity == Quantity::Madds { String::new() } else { format!(" {}", limit.quantity) };
    let grown = limit.grown.map(|grown| format!("   naive {}", of(grown))).unwrap_or_default();
    format!("budget {}{what}: reduced {}{grown}", limit_text(limit.limit), of(limit.reduced))
}

/// A table for a pull request: the outcome first, exact integers.
pub fn naive_markdown(naive: &Naive) -> String {
    let grouped = |number: u64| units::grouped(number.into());
    let mut text = format!("**{}** against its naive twin, {RULE}: ", in_markdown(&naive.name));
    match &naive.grown {
        Some(grown) => writeln!(
            text,
            "{} multiply-adds against {} ({}), {} parameters against {} ({}).",
            grouped(grown.madds),
            grouped(naive.reduced.madds),
            ratio(grown.madds, naive.reduced.madds),
            grouped(grown.params),
            grouped(naive.reduced.params),
            ratio(grown.params, naive.reduced.params)
        ),
        None => writeln!(
            text,
            "{} multiply-adds of modules against {} ({}) on the same input.",
            grouped(naive.sums.same_input.madds),
            grouped(naive.sums.reduced.madds),
            ratio(naive.sums.same_input.madds, naive.sums.reduced.madds)
        ),
    }
    .expect("writing to a string");
    text +=
        "\n| module | naive channels | reduced channels | naive, same input | reduced | ratio | naive, grown input | ratio |\n";
    text += "|:--|--:|--:|--:|--:|--:|--:|--:|\n";
    let mut line = |name: &str, channels: [String; 2], same: Option<u64>, written: u64, grown: Option<u64>| {
        let [naive, reduced] = channels;
        let cell = |number: Option<u64>| number.map(grouped).unwrap_or_default();
        let of = |number: Option<u64>| number.map(|number| ratio(number, written)).unwrap_or_default();
        let (same_ratio, grown_ratio) = (of(same), of(grown));
        let (same, written, grown) = (cell(same), grouped(written), cell(grown));
        writeln!(text, "| {name} | {naive} | {reduced} | {same} | {written} | {same_ratio} | {grown} | {grown_ratio} |")
            .expect("writing to a string");
    };
    let none = || [String::new(), String::new()];
    for module in &naive.modules {
        let channels = module.channels().map(|channels| units::grouped(channels.into()));
        let grown = module.grown.map(|form| form.madds);
        line(&in_markdown(&module.path), channels, Some(module.same_input.madds), module.reduced.madds, grown);
    }
    let sums = &naive.sums;
    line("**modules**", none(), Some(sums.same_input.madds), sums.reduced.madds, sums.grown.map(|sums| sums.madds));
    let (rest, grown_rest) = naive.rest();
    line("the rest", none(), None, rest.madds, grown_rest.map(|rest| rest.madds));
    let grown = naive.grown.as_ref();
    line("**network**", none(), None, naive.reduced.madds, grown.map(|grown| grown.madds));
    line("parameters", none(), None, naive.reduced.params, grown.map(|grown| grown.params));
    line("bytes live", none(), None, naive.reduced.peak_bytes, grown.map(|grown| grown.peak_bytes));
    for kind in &naive.kinds {
        let (naive, reduced) = (kind.same_input.madds, kind.reduced.madds);
        let ratio = if naive >= reduced { format!(" ({})", ratio(naive, reduced)) } else { String::new() };
        text += &format!("\n{} branches on the same input: {} -> {}{ratio}\n", kind.kind, grouped(naive), grouped(reduced));
    }
    for note in notes(naive) {
        text += &format!("\n{}\n", in_markdown(&note));
    }
    text
}

/// One line a branch and one a module, for spreadsheets.
pub fn naive_csv(all: &[Naive]) -> String {
    let mut text = "spec,module,branch,kind,reduced_channels,reduced_madds,reduced_params,same_input_channels,same_input_madds,\
                    same_input_params,grown_channels,grown_madds,grown_params\n"
        .to_owned();
    for naive in all {
        for module in &naive.modules {
            let whole = |form: &crate::analyze::ModuleForm| (form.channels[1], form.madds, form.params);
            let forms = [Some(whole(&module.reduced)), Some(whole(&module.same_input)), module.grown.as_ref().map(whole)];
            csv_line(&mut text, [&naive.name, &module.path, "", "module"], forms);
            for branch in &module.branches {
                let form = |form: &crate::analyze::BranchForm| (form.channels, form.madds, form.params);
                let forms = [Some(form(&branch.reduced)), Some(form(&branch.same_input)), branch.grown.as_ref().map(form)];
                csv_line(&mut text, [&naive.name, &module.path, &branch.name, &branch.kind], forms);
            }
        }
    }
    text
}

fn csv_line(text: &mut String, names: [&str; 4], forms: [Option<(u32, u64, u64)>; 3]) {
    text.push_str(&names.map(quoted).join(","));
    for form in forms {
        match form {
            Some((channels, madds, params)) => write!(text, ",{channels},{madds},{params}"),
            None => write!(text, ",,,"),
        }
        .expect("writing to a string");
    }
    text.push('\n');
}

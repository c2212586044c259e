//! What all tree grids are made of: controls, headings, rows with their level and state.

use crate::report::page::html::Html;

/// A column.
pub(super) struct Column {
    /// What the script sorts by; empty for one that is not sorted.
    pub(super) key: &'static str,
    pub(super) title: String,
    pub(super) class: &'static str,
}

impl Column {
    pub(super) fn new(key: &'static str, title: &str, class: &'static str) -> Column {
        Column { key, title: title.to_owned(), class }
    }

    /// One whose numbers are in a unit.
    pub(super) fn of(key: &'static str, title: &str, unit: &str, class: &'static str) -> Column {
        let title = if unit.is_empty() { title.to_owned() } else { format!("{title}, {unit}") };
        Column { key, title, class }
    }
}

/// How a row begins.
pub(super) struct Line<'a> {
    pub(super) at: usize,
    /// 1 for the outermost.
    pub(super) depth: usize,
    pub(super) name: &'a str,
    /// The class of the swatch before the name, if there is one.
    pub(super) swatch: Option<String>,
    /// Whether it is open, if there is something inside.
    pub(super) is_open: Option<bool>,
    /// Classes of the row, apart by spaces.
    pub(super) class: String,
}

/// Writes buttons and the line that says how much is shown.
pub(super) fn controls(html: &mut Html, more: &str, count: &str) {
    html.open("div", &[("class", "controls")]).open("div", &[("class", "buttons needs-js")]);
    for (does, text) in [("open", "open all"), ("close", "close all")] {
        html.leaf("button", &[("type", "button"), ("data-do", does)], text);
    }
    for (does, text) in [("flat", "flat list"), ("free", more)] {
        html.leaf("button", &[("type", "button"), ("data-do", does), ("aria-pressed", "false")], text);
    }
    html.close();
    html.leaf("p", &[("class", "count"), ("role", "status")], count).close().line();
}

/// Writes a grid beside its panel of details.
pub(super) fn beside(html: &mut Html, label: &str, columns: &[Column], rows: impl FnOnce(&mut Html)) {
    html.open("div", &[("class", "beside")]).open("div", &[("class", "scroll")]);
    html.open("table", &[("role", "treegrid"), ("aria-label", label)]);
    // In a tree grid rows, headings and cells have their roles by themselves.
    html.open("thead", &[]).open("tr", &[]);
    for Column { key, title, class } in columns {
        let fixed = [("scope", "col"), ("class", *class), ("aria-sort", "none"), ("data-key", *key)];
        html.open("th", &fixed);
        match (*key, *class) {
            (_, "bar") => html.leaf("span", &[("class", "hidden")], "as a bar"),
            ("", _) => html.text(title),
            _ => html.leaf("button", &[("type", "button")], title),
        };
        html.close();
    }
    html.close().close().line().open("tbody", &[]).line();
    rows(html);
    html.close().close().close();
    html.open("aside", &[("class", "details needs-js"), ("aria-live", "polite"), ("aria-label", "details")]).close();
    html.close().line();
}

/// Opens a row and writes its name.
pub(super) fn begin(html: &mut Html, line: &Line<'_>) {
    let (level, at) = (line.depth.to_string(), line.at.to_string());
    let stop = if line.at == 0 { "0" } else { "-1" };
    let mut attributes = vec![("aria-level", &*level), ("data-at", &*at), ("tabindex", stop)];
    if !line.class.trim().is_empty() {
        attributes.push(("class", line.class.trim()));
    }
    if let Some(is_open) = line.is_open {
        attributes.push(("aria-expanded", if is_open { "true" } else { "false" }));
    }
    html.open("tr", &attributes);
    let depth = format!("--depth:{}", line.depth - 1);
    html.open("td", &[("class", "name"), ("style", &depth)]);
    html.leaf("span", &[("class", "fold"), ("aria-hidden", "true")], "");
    if let Some(class) = &line.swatch {
        html.leaf("i", &[("class", &format!("swatch {class}"))], "");
    }
    html.leaf("span", &[], line.name).close();
}

/// Writes a cell.
pub(super) fn cell(html: &mut Html, class: &str, text: &str) {
    let class = ("class", class);
    html.leaf("td", if class.1.is_empty() { &[] } else { std::slice::from_ref(&class) }, text);
}

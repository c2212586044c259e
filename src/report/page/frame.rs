//! What is the same on every page: its head, its navigation, and at its end the data and the script.

use crate::base::Digest;
use crate::report::page::data;
use crate::report::page::data::Network;
use crate::report::page::html::Html;
use crate::report::page::paint;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Without a script all rows are shown, and nothing is offered that would not work.
const PLAIN: &str = ".needs-js{display:none!important}tr.closed,tr.free{display:table-row!important}";

/// Begins a page.
pub(super) fn begin(title: &str) -> Html {
    let mut html = Html::default();
    html.raw("<!DOCTYPE html>\n").open("html", &[("lang", "en")]).line();
    // Nothing is loaded; the one script is known by its digest, so that nothing else that looks like one is run.
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        Digest::of(SCRIPT.as_bytes()).base64()
    );
    html.open("head", &[]).line();
    html.void("meta", &[("charset", "utf-8")]).line();
    html.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)]).line();
    html.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]).line();
    html.leaf("title", &[], title).line();
    html.open("style", &[]).raw(&paint::rules()).raw(STYLE).close().line();
    html.open("noscript", &[]).open("style", &[]).raw(PLAIN).close().close().line();
    html.close().line();
    html.open("body", &[]).line();
    html
}

/// The bar that stays in sight: where to go, the filter, the theme.
pub(super) fn navigation(html: &mut Html, sections: &[(&str, &str)]) {
    html.open("nav", &[("aria-label", "page")]);
    for (id, name) in sections {
        html.leaf("a", &[("href", &format!("#{id}"))], name);
    }
    html.open("span", &[("class", "tools needs-js")]);
    let filter = [
        ("id", "filter"),
        ("type", "search"),
        ("placeholder", "filter, e.g. 4 3x3   ( / )"),
        ("aria-label", "filter layers"),
        ("autocomplete", "off"),
        ("spellcheck", "false"),
    ];
    html.void("input", &filter);
    let theme = [("type", "button"), ("id", "theme"), ("aria-label", "light or dark"), ("title", "light or dark (t)")];
    html.leaf("button", &theme, "◐").close().close().line();
}

/// Ends a page.
pub(super) fn end(mut html: Html, networks: &[Network]) -> String {
    html.leaf("div", &[("id", "tip"), ("role", "tooltip"), ("hidden", "")], "").line();
    html.open("script", &[("type", "application/json"), ("id", "data")]).raw(&data::json(networks)).close().line();
    html.open("script", &[]).raw(SCRIPT).close().line();
    html.close().close().line();
    html.finish()
}

//! The page as a whole.

use crate::base::Digest;
use crate::report::page::budget;
use crate::report::page::data;
use crate::report::page::facts;
use crate::report::page::foot;
use crate::report::page::html::Html;
use crate::report::page::items::items;
use crate::report::page::paint;
use crate::report::page::pictures;
use crate::report::page::subject::Subject;
use crate::report::page::table;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page about some networks, as one file of HTML.
pub fn html(subjects: &[Subject<'_>]) -> String {
    let mut html = Html::default();
    html.raw("<!DOCTYPE html>\n").open("html", &[("lang", "en")]).line();
    let names: Vec<&str> = subjects.iter().map(|subject| &*subject.analysis.name).collect();
    head(&mut html, &names.join(", "));
    html.open("body", &[]).line();
    let mut networks = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let items = items(subject);
        html.open("header", &[]).line();
        html.leaf("h1", &[], &subject.analysis.name).leaf("p", &[("class", "facts")], &facts::line(subject)).line();
        facts::write(&mut html, &facts::cards(subject));
        budget::gauges(&mut html, subject, &items);
        html.close().line();
        navigation(&mut html);
        html.open("main", &[]).line();
        html.open("section", &[("id", "table"), ("class", "tree"), ("data-net", "0")]);
        html.leaf("h2", &[], "Where the cost goes").line();
        table::write(&mut html, subject, &items);
        html.close().line();
        html.open("section", &[("id", "icicle")]).open("h2", &[]).text("Icicle ");
        html.leaf("small", &[], "size ∝ multiply-adds, order of the spec").leaf(
            "small",
            &[("class", "needs-js")],
            "; click to zoom · ",
        );
        html.leaf("button", &[("type", "button"), ("class", "out needs-js"), ("disabled", "")], "zoom out").close().line();
        pictures::icicle(&mut html, subject, 0);
        html.close().line();
        html.open("section", &[("id", "plots")]).leaf("h2", &[], "Plots").line();
        pictures::plots(&mut html, subject, 0);
        html.close().line().close().line();
        networks.push(data::network(subject, &items));
    }
    foot::write(&mut html, subjects);
    html.leaf("div", &[("id", "tip"), ("role", "tooltip"), ("hidden", "")], "").line();
    html.open("script", &[("type", "application/json"), ("id", "data")]).raw(&data::json(&networks)).close().line();
    html.open("script", &[]).raw(SCRIPT).close().line();
    html.close().close().line();
    html.finish()
}

fn head(html: &mut Html, title: &str) {
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
    html.open("noscript", &[])
        .leaf("style", &[], ".needs-js{display:none!important}tr.closed,tr.free{display:table-row!important}")
        .close();
    html.line().close().line();
}

fn navigation(html: &mut Html) {
    html.open("nav", &[("aria-label", "page")]);
    for (to, name) in [("#table", "Table"), ("#icicle", "Icicle"), ("#plots", "Plots")] {
        html.leaf("a", &[("href", to)], name);
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
    html.leaf(
        "button",
        &[("type", "button"), ("id", "theme"), ("aria-label", "light or dark"), ("title", "light or dark (t)")],
        "◐",
    );
    html.close().close().line();
}

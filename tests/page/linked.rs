//! Table, icicle and drawing select one path, and the tooltip tells what the pointer is on.

use crate::browser::Browser;
use crate::visit::picture;
use crate::visit::visit;

const GOOGLENET: [&str; 1] = ["specs/googlenet.yaml"];

fn hash(browser: &mut Browser) -> String {
    browser.text("decodeURI(location.hash)")
}

fn selected_row(browser: &mut Browser) -> String {
    browser.text(
        "(() => { const row = document.querySelector('.tree tr[aria-selected=true]'); if (!row || row.offsetParent === null) return 'none'; \
         return JSON.parse(document.getElementById('data').textContent)[0].rows[row.dataset.at].path; })()",
    )
}

/// The paths that a picture marks, each once.
fn marked(browser: &mut Browser, picture: &str, class: &str) -> Vec<String> {
    let paths = browser.text(&format!(
        "[...new Set([...document.querySelectorAll('.{picture} .desk .{class}')].map(part => part.dataset.path))].join(' | ')"
    ));
    paths.split(" | ").filter(|path| !path.is_empty()).map(str::to_owned).collect()
}

#[test]
fn a_selection_is_one_in_table_icicle_and_drawing() {
    visit("linked", &GOOGLENET, |browser| {
        // A cell of the icicle: its row is opened, its box is marked.
        browser.click(".icicle .desk [data-path=\"5b/3x3:conv\"] rect");
        assert_eq!((hash(browser), selected_row(browser)), ("#5b/3x3:conv".to_owned(), "5b/3x3:conv".to_owned()));
        assert_eq!(marked(browser, "graph", "selected"), ["5b/3x3"]);
        assert_eq!(marked(browser, "icicle", "selected"), ["5b/3x3:conv"]);
        browser.key("Escape");
        browser.key("Escape");
        assert_eq!(hash(browser), "");
        // A box of the drawing.
        browser.click(".graph .desk .layer[data-path=\"4a/5x5/reduce\"] rect");
        assert_eq!((hash(browser), selected_row(browser)), ("#4a/5x5/reduce".to_owned(), "4a/5x5/reduce".to_owned()));
        assert_eq!(marked(browser, "icicle", "selected"), ["4a/5x5/reduce"]);
        // A row: all of its module is marked.
        browser.value("document.querySelector('.tree tr[aria-selected=true]').scrollIntoView()");
        let module = "[...document.querySelectorAll('.tree tr')].find(row => row.querySelector('.name').textContent === '4e')";
        browser.value(&format!("{module}.setAttribute('id', 'row-4e')"));
        browser.click("#row-4e");
        assert_eq!(hash(browser), "#4e");
        let boxes = marked(browser, "graph", "selected");
        for path in ["4e", "4e/1x1", "4e/3x3/reduce", "4e/3x3", "4e/5x5", "4e/pool"] {
            assert!(boxes.contains(&path.to_owned()), "{path} is not in {boxes:?}");
        }
        assert!(boxes.iter().all(|path| path == "4e" || path.starts_with("4e/")), "{boxes:?}");
        browser.screenshot(&picture("desk-selected.png"), true);
    });
}

#[test]
fn a_fragment_selects() {
    visit("fragment", &GOOGLENET, |browser| {
        let file = crate::visit::page("fragment-again", &GOOGLENET);
        browser.open(&file, "#5a/pool");
        assert_eq!(selected_row(browser), "5a/pool");
        assert_eq!(browser.text("document.querySelector('.details h3').textContent"), "5a/pool");
        browser.value("location.hash = '#3b'");
        browser.hover("h1");
        assert_eq!(selected_row(browser), "3b");
        browser.value("location.hash = '#no-such-layer'");
        browser.hover("h1");
        assert_eq!(selected_row(browser), "3b", "what is not there selects nothing");
        // One that stands for no text is no fault of the page: `visit` looks for those.
        browser.value("location.hash = '#%zz'");
        browser.hover("h1");
        assert_eq!(selected_row(browser), "3b", "what cannot be read selects nothing");
    });
}

#[test]
fn the_pointer_is_told_what_it_is_on() {
    visit("hover", &GOOGLENET, |browser| {
        let tip = "document.getElementById('tip')";
        assert_eq!(browser.value(&format!("{tip}.hidden")), true);
        browser.hover(".icicle .desk [data-path=\"3b/3x3:conv\"] rect");
        assert_eq!(browser.value(&format!("{tip}.hidden")), false);
        let text = browser.text(&format!("{tip}.innerText"));
        // 173 408 256 of 1 582 671 872.
        assert!(text.contains("173.4\u{202F}M multiply-adds, 11.0\u{202F}%"), "{text}");
        assert_eq!(marked(browser, "graph", "hovered"), ["3b/3x3"]);
        let row = "document.querySelector('.tree tr.hovered .name').textContent";
        assert_eq!(browser.text(row), "3x3");
        browser.screenshot(&picture("desk-hover.png"), false);
        browser.hover("h1");
        assert_eq!(browser.value(&format!("{tip}.hidden")), true);
        assert_eq!(marked(browser, "graph", "hovered"), Vec::<String>::new());
    });
}

#[test]
fn the_icicle_zooms_and_comes_back() {
    visit("zoom", &GOOGLENET, |browser| {
        let width = |path: &str| {
            format!("Number(document.querySelector('.icicle .desk [data-path=\"{path}\"] rect').getAttribute('width'))")
        };
        let whole = browser.value(&width("@")).as_f64().unwrap();
        let before = browser.value(&width("4e")).as_f64().unwrap();
        assert!(before < whole / 8.0);
        browser.click(".icicle .desk [data-path=\"4e\"] rect");
        let after = browser.value(&width("4e")).as_f64().unwrap();
        assert!((after - whole).abs() < 20.0, "{after} of {whole}");
        let gone = "document.querySelector('.icicle .desk [data-path=\"3b\"]').classList.contains('gone')";
        assert_eq!(browser.value(gone), true);
        browser.screenshot(&picture("desk-zoomed.png"), false);
        browser.key("Escape");
        assert_eq!((browser.value(&width("4e")).as_f64(), browser.value(gone)), (Some(before), false.into()));
        browser.click(".icicle .desk [data-path=\"4e\"] rect");
        browser.click(".out");
        assert_eq!(browser.value(&width("4e")).as_f64(), Some(before));
    });
}

#[test]
fn pictures_are_walked_with_keys() {
    visit("picture-keys", &GOOGLENET, |browser| {
        browser.value("document.querySelector('.graph .desk .layer[tabindex=\"0\"]').focus()");
        let path = "document.activeElement.dataset.path";
        let first = browser.text(path);
        browser.key("ArrowDown");
        assert_ne!(browser.text(path), first);
        browser.key("Home");
        assert_eq!(browser.text(path), first);
        browser.key("End");
        browser.key("Enter");
        assert!(hash(browser).len() > 1);
    });
}

#[test]
fn two_networks_show_where_they_differ() {
    visit("two", &["specs/googlenet.yaml", "specs/googlenet-sepconv.yaml"], |browser| {
        let count = browser.text("document.querySelector('.count').textContent");
        // 1 582 671 872 and 1 498 677 248 multiply-adds.
        assert!(count.ends_with("differ: \u{2212}83.99\u{202F}M multiply-adds"), "{count}");
        browser.screenshot(&picture("two.png"), true);
        let shown = "[...document.querySelectorAll('.tree tbody tr')].filter(row => row.offsetParent !== null).length";
        let few = browser.value(shown).as_u64().unwrap();
        assert!(few < 8, "only what differs is shown, and {few} are");
        browser.click("[data-do=free]");
        assert!(browser.value(shown).as_u64().unwrap() > few);
        // A cell of either icicle selects the row of both.
        browser.click(".icicle[data-net=\"0\"] .desk [data-path=\"3b\"] rect");
        assert_eq!(hash(browser), "#3b");
        let both = "document.querySelectorAll('.icicle .desk .selected[data-path=\"3b\"]').length";
        assert_eq!(browser.value(both), 2);
        let text = browser.text("document.querySelector('.details').innerText");
        assert!(text.contains("304\u{202F}267\u{202F}264"), "{text}");
    });
}

#[test]
fn several_networks_are_a_line_each() {
    visit("several", &["googlenet", "lenet5", "resnet18", "mobilenet_v2"], |browser| {
        let names = "[...document.querySelectorAll('.overview tbody a')].map(link => link.textContent).join(' ')";
        assert_eq!(browser.text(names), "googlenet lenet5 resnet18 mobilenet_v2");
        browser.click(".overview th:nth-child(3) button");
        // 1.814 G, 1.583 G, 300.8 M and less.
        assert_eq!(browser.text(names), "resnet18 googlenet mobilenet_v2 lenet5");
        browser.click(".overview tbody tr:nth-child(4) a");
        let open = "[...document.querySelectorAll('details[open]')].map(net => net.id).join(' ')";
        assert_eq!(browser.text(open), "net-2");
        browser.screenshot(&picture("several.png"), true);
    });
}

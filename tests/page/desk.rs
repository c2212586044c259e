//! The page at a desk: a window of 1280 x 800, mouse and keys.

use crate::browser::Browser;
use crate::truth::layers;
use crate::truth::within;
use crate::visit::picture;
use crate::visit::visit;

const GOOGLENET: [&str; 1] = ["specs/googlenet.yaml"];

/// The paths of the rows that are shown, from above.
fn shown(browser: &mut Browser) -> Vec<String> {
    let paths = browser.text(
        "(() => { const data = JSON.parse(document.getElementById('data').textContent)[0]; \
         return [...document.querySelectorAll('.tree tbody tr')].filter(row => row.offsetParent !== null) \
         .map(row => data.rows[row.dataset.at].path).join(' | '); })()",
    );
    paths.split(" | ").map(str::to_owned).collect()
}

/// The selector of the row with a path.
fn row(browser: &mut Browser, path: &str) -> String {
    let at = browser.value(&format!(
        "JSON.parse(document.getElementById('data').textContent)[0].rows.findIndex(row => row.path === '{path}')"
    ));
    format!(".tree tr[data-at=\"{at}\"]")
}

fn count(browser: &mut Browser) -> String {
    browser.text("document.querySelector('.count').textContent")
}

fn hash(browser: &mut Browser) -> String {
    browser.text("decodeURI(location.hash)")
}

fn focused(browser: &mut Browser) -> String {
    browser.text("JSON.parse(document.getElementById('data').textContent)[0].rows[document.activeElement.dataset.at]?.path ?? ''")
}

#[test]
fn columns_sort_siblings_and_the_tree_stays() {
    visit("sorting", &GOOGLENET, |browser| {
        let head = |key: &str| format!("th[data-key={key}] button");
        let state = "document.querySelector('th[data-key=madds]').getAttribute('aria-sort')";
        let written = shown(browser);
        browser.click(&head("madds"));
        assert_eq!(browser.text(state), "descending");
        let sorted = shown(browser);
        let rank = |paths: &[String], level: &[&str]| -> Vec<String> {
            paths.iter().filter(|path| level.contains(&path.as_str())).cloned().collect()
        };
        // Within stage 4, by the sums of the layers that Caffe describes.
        let mut modules = ["4a", "4b", "4c", "4d", "4e"];
        modules.sort_by_key(|path| std::cmp::Reverse(within(path)));
        assert_eq!(rank(&sorted, &modules), modules);
        let mut branches = ["3b/1x1", "3b/3x3", "3b/5x5", "3b/pool"];
        branches.sort_by_key(|path| std::cmp::Reverse(within(path)));
        assert_eq!(rank(&sorted, &branches), branches);
        // A row stands below the one that it is in.
        let place = |path: &str| sorted.iter().position(|row| row == path).unwrap();
        assert!(place("@stage 4") < place("4e") && place("4e") < place("4e/3x3") && place("4e/3x3") < place("4d"));
        browser.click(&head("madds"));
        assert_eq!(browser.text(state), "ascending");
        branches.reverse();
        assert_eq!(rank(&shown(browser), &branches), branches);
        browser.click(&head("madds"));
        assert_eq!((browser.text(state), shown(browser)), ("none".to_owned(), written.clone()));
        browser.click(&head("params"));
        assert_ne!(shown(browser), written);
    });
}

#[test]
fn the_flat_list_ranks_all_layers_and_leaving_it_restores_the_order() {
    visit("flat", &GOOGLENET, |browser| {
        let written = shown(browser);
        browser.key("f");
        let mut layers = layers();
        layers.sort_by_key(|layer| std::cmp::Reverse(layer.madds));
        let costs: Vec<u64> = layers.iter().map(|layer| layer.madds).collect();
        let listed = shown(browser);
        let cost = |path: &String| layers.iter().find(|layer| layer.path == path.split(':').next().unwrap_or_default());
        let costs_listed: Vec<u64> = listed.iter().filter_map(|path| cost(path).map(|layer| layer.madds)).collect();
        assert_eq!(costs_listed, costs);
        assert_eq!(listed[0], "conv2");
        browser.click("[data-do=flat]");
        assert_eq!(shown(browser), written);
    });
}

#[test]
fn the_filter_says_what_its_hits_weigh() {
    visit("filter", &GOOGLENET, |browser| {
        assert_eq!(count(browser), "58 layers: 1.583\u{202F}G multiply-adds (100.0\u{202F}%), 6.999\u{202F}M parameters");
        browser.key("/");
        browser.write("3x3/reduce");
        let hits: Vec<_> = layers().into_iter().filter(|layer| layer.path.ends_with("/3x3/reduce")).collect();
        let (madds, params): (u64, u64) =
            (hits.iter().map(|layer| layer.madds).sum(), hits.iter().map(|layer| layer.params).sum());
        // 118.6 of 1 582.7 M.
        assert_eq!((hits.len(), madds / 100_000, params / 100), (9, 1186, 6724));
        assert_eq!(
            count(browser),
            "9 of 58 layers match: 118.6\u{202F}M multiply-adds (7.5\u{202F}%), 672.4\u{202F}k parameters"
        );
        let rows = shown(browser);
        assert!(rows.contains(&"@stage 4".to_owned()) && rows.contains(&"4e/3x3/reduce".to_owned()), "{rows:?}");
        assert!(!rows.contains(&"4e/5x5".to_owned()) && !rows.contains(&"conv1".to_owned()), "{rows:?}");
        let around = row(browser, "4e");
        let class = browser.text(&format!("document.querySelector('{around}').className"));
        assert!(class.contains("around"), "{class}");
        // The largest hit fills the column of bars.
        let reduce = row(browser, "3b/3x3/reduce");
        let filled = browser.value(&format!(
            "(() => {{ const cell = document.querySelector('{reduce} td.bar'); const style = getComputedStyle(cell); \
             const inside = cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight); \
             return cell.querySelector('i').getBoundingClientRect().width / inside; }})()"
        ));
        assert!((filled.as_f64().unwrap() - 1.0).abs() < 0.02, "{filled}");
        browser.screenshot(&picture("desk-filtered.png"), false);
        browser.key("Escape");
        assert!(count(browser).starts_with("58 layers:"));
        // Every word has to be found, in the path or in the operation.
        browser.key("/");
        browser.write("4 max");
        assert!(count(browser).starts_with("0 of 58 layers match: 0 multiply-adds (0"), "{}", count(browser));
        assert!(shown(browser).iter().any(|path| path.starts_with("pool4") || path.contains("4a/pool")), "{:?}", shown(browser));
    });
}

#[test]
fn keys_walk_through_the_table() {
    visit("keys", &GOOGLENET, |browser| {
        let first = row(browser, "@");
        browser.click(&first);
        assert_eq!(focused(browser), "@");
        for (key, path) in [
            ("ArrowDown", "@stem"),
            ("ArrowLeft", "@stem"),
            ("ArrowDown", "@stage 3"),
            ("ArrowRight", "3a"),
            ("ArrowRight", "3a"),
            ("ArrowRight", "3a/1x1"),
            ("ArrowLeft", "3a"),
            ("ArrowLeft", "3a"),
            ("ArrowDown", "3b"),
            ("ArrowUp", "3a"),
            ("ArrowLeft", "@stage 3"),
            ("End", "@head"),
            ("Home", "@"),
            ("ArrowUp", "@"),
        ] {
            browser.key(key);
            assert_eq!(focused(browser), path, "after {key}");
        }
        browser.key("End");
        browser.key("Enter");
        assert_eq!(hash(browser), "#@head");
        assert_eq!(browser.text("document.querySelector('.details h3').textContent"), "head");
        let stops = "document.querySelectorAll('.tree tbody tr[tabindex=\"0\"]').length";
        assert_eq!(browser.value(stops), 1, "the tab key reaches one row");
        browser.key("Escape");
        assert_eq!(hash(browser), "");
        assert_eq!(browser.text("document.querySelector('.details h3').textContent"), "Nothing selected");
    });
}

#[test]
fn details_show_exact_numbers_and_the_formula() {
    visit("details", &GOOGLENET, |browser| {
        let line = row(browser, "3b/3x3:conv");
        browser.click(&line);
        assert_eq!(hash(browser), "#3b/3x3:conv");
        let text = browser.text("document.querySelector('.details').innerText").replace('\u{202F}', " ");
        // 3 * 3 * 128 * 192 * 28 * 28, counted by hand; its share of 1 582 671 872 is 10.96 %.
        for part in ["3b/3x3", "173 408 256", "221 376", "192×28×28", "10.96 %", "= 192 * 128 * 3 * 3 * 28 * 28"] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    });
}

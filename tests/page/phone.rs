//! The page on a phone, on paper, in the dark, and without a script.

use crate::browser::Browser;
use crate::visit::picture;
use crate::visit::visit;

const GOOGLENET: [&str; 1] = ["specs/googlenet.yaml"];

fn background(browser: &mut Browser) -> String {
    browser.text("getComputedStyle(document.body).backgroundColor")
}

#[test]
fn nothing_stands_out_of_a_phone() {
    for (name, specs) in [("phone", &["specs/googlenet.yaml"][..]), ("phone-dense", &["specs/densenet121.yaml"][..])] {
        visit(name, specs, |browser| {
            browser.resize([390, 844], true);
            let overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
            assert_eq!(browser.value(overflow), 0, "{name}");
            browser.screenshot(&picture(&format!("{name}.png")), true);
            let cards = "new Set([...document.querySelectorAll('.card')].map(card => card.getBoundingClientRect().left)).size";
            assert_eq!(browser.value(cards), 2, "cards stand two by two");
            let sheet = "getComputedStyle(document.querySelector('.details')).display";
            assert_eq!(browser.text(sheet), "none");
            browser.click(".tree tbody tr[data-at=\"1\"] td");
            let place = browser.value(
                "(() => { const sheet = document.querySelector('.details').getBoundingClientRect(); \
                 return [sheet.left, window.innerWidth - sheet.right, window.innerHeight - sheet.bottom]; })()",
            );
            assert_eq!(place, serde_json::json!([0, 0, 0]), "details are a sheet at the bottom");
            browser.screenshot(&picture(&format!("{name}-sheet.png")), false);
            browser.click(".shut");
            assert_eq!(browser.text(sheet), "none");
            assert_eq!(browser.value(overflow), 0, "{name}");
        });
    }
}

#[test]
fn the_theme_is_the_system_s_until_it_is_turned() {
    visit("theme", &GOOGLENET, |browser| {
        const LIGHT: &str = "rgb(255, 255, 255)";
        const DARK: &str = "rgb(15, 19, 24)";
        assert_eq!(background(browser), LIGHT);
        browser.screenshot(&picture("desk-light.png"), true);
        browser.key("t");
        assert_eq!(background(browser), DARK);
        browser.click("#theme");
        assert_eq!(background(browser), LIGHT);
        browser.value("delete document.documentElement.dataset.theme");
        browser.media("screen", true);
        assert_eq!(background(browser), DARK);
        browser.screenshot(&picture("desk-dark.png"), true);
        browser.media("print", true);
        assert_eq!(background(browser), LIGHT, "paper is white");
    });
}

#[test]
fn paper_has_no_controls() {
    visit("print", &GOOGLENET, |browser| {
        let file = picture("googlenet.pdf");
        browser.print(&file);
        let pdf = std::fs::read(&file).unwrap();
        let pages = String::from_utf8_lossy(&pdf).matches("/Type /Page\n").count();
        assert!((1..=5).contains(&pages), "{pages} pages");
        browser.media("print", false);
        for selector in ["nav", ".buttons", ".details", "#save"] {
            let shown = browser.value(&format!("document.querySelector('{selector}').offsetParent !== null"));
            assert_eq!(shown, false, "{selector}");
        }
        let head = browser.text("getComputedStyle(document.querySelector('thead')).display");
        assert_eq!(head, "table-header-group", "the head repeats");
        // Stages are open on paper, modules that matter too.
        let at = "[...document.querySelectorAll('.tree tr')].find(row => row.textContent.startsWith('5a')).offsetParent !== null";
        assert_eq!(browser.value(at), true);
        let names = browser.text(
            "[...document.querySelectorAll('.tree tbody tr')].filter(row => row.offsetParent !== null) \
             .map(row => row.querySelector('.name').textContent).join(' ')",
        );
        assert!(names.ends_with("stage 5 5a 5b head logits"), "rows keep their places: {names}");
        browser.resize([760, 1100], false);
        browser.screenshot(&picture("print.png"), true);
    });
}

#[test]
fn without_a_script_all_is_there_to_read() {
    visit("no-script", &GOOGLENET, |browser| {
        let file = crate::visit::page("no-script-again", &GOOGLENET);
        browser.script(false);
        browser.order("Page.navigate", serde_json::json!({"url": format!("file://{}", file.display())}));
        std::thread::sleep(std::time::Duration::from_millis(1500));
        let rows =
            browser.value("[...document.querySelectorAll('.tree tbody tr')].filter(row => row.offsetParent !== null).length");
        let all = browser.value("document.querySelectorAll('.tree tbody tr').length");
        assert_eq!(rows, all, "no row is folded away");
        let tools =
            browser.value("[...document.querySelectorAll('.needs-js')].filter(part => part.offsetParent !== null).length");
        assert_eq!(tools, 0, "nothing is offered that would not work");
        browser.screenshot(&picture("no-script.png"), false);
        browser.script(true);
    });
}

//! A headless Chromium, spoken to in its `DevTools` protocol over two pipes: messages are JSON, each ended by a zero byte. Mouse and
//! keys are real input events, so that a page is used as a person uses it.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Write as _;
use std::path::Path;
use std::process::Child;
use std::process::ChildStdin;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::channel;
use std::time::Duration;

use serde_json::Value;
use serde_json::json;

/// The longest that one answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one tab.
pub(crate) struct Browser {
    child: Child,
    orders: ChildStdin,
    answers: Receiver<Value>,
    next: u64,
    session: Option<String>,
    /// What the tab told by itself: log lines, exceptions, requests.
    events: Vec<Value>,
}

/// The browser's program, if there is one here.
pub(crate) fn program() -> Option<&'static str> {
    let runs = |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find(runs)
}

impl Browser {
    /// Starts a browser whose profile is an empty folder.
    pub(crate) fn start(program: &str, profile: &Path) -> Browser {
        let _ = std::fs::remove_dir_all(profile);
        std::fs::create_dir_all(profile).unwrap();
        // The protocol's pipes are the descriptors 3 and 4; the shell makes them of the child's own input and output.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null", program])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"])
            .args(["--hide-scrollbars", "--force-device-scale-factor=1", "--font-render-hinting=none"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while output.read_until(0, &mut message).is_ok_and(|length| length > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else { return };
                if sender.send(value).is_err() {
                    return;
                }
                message.clear();
            }
        });
        let mut browser = Browser { child, orders, answers, next: 0, session: None, events: Vec::new() };
        let target = browser.order("Target.createTarget", json!({"url": "about:blank"}));
        let attached = browser.order("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        browser.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.order(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Gives an order and waits for its answer.
    #[expect(clippy::needless_pass_by_value, reason = "callers have fresh JSON")]
    pub(crate) fn order(&mut self, method: &str, parameters: Value) -> Value {
        self.next += 1;
        let mut message = json!({"id": self.next, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.orders.write_all(&bytes).unwrap();
        self.orders.flush().unwrap();
        loop {
            let answer = self.answers.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{method}: {error}"));
            if answer["id"] == json!(self.next) {
                assert!(answer.get("error").is_none(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    /// Opens a file and waits until it is loaded.
    pub(crate) fn open(&mut self, file: &Path, fragment: &str) {
        let loaded = |events: &[Value]| events.iter().filter(|event| event["method"] == "Page.loadEventFired").count();
        let before = loaded(&self.events);
        let url = format!("file://{}{fragment}", file.canonicalize().unwrap().display());
        self.order("Page.navigate", json!({"url": url}));
        while loaded(&self.events) == before {
            let event = self.answers.recv_timeout(PATIENCE).expect("the page loads");
            self.events.push(event);
        }
        self.settle();
    }

    /// Waits for two frames, so that what an event set off is drawn.
    fn settle(&mut self) {
        let frames = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))";
        self.value(frames);
    }

    /// The value of an expression of JavaScript in the page; promises are awaited.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let parameters = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.order("Runtime.evaluate", parameters);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// The value of an expression, as text.
    pub(crate) fn text(&mut self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_else(|| panic!("{expression} is no text")).to_owned()
    }

    /// The middle of the first element that a selector finds, scrolled into view.
    fn middle(&mut self, selector: &str) -> [f64; 2] {
        let place = self.value(&format!(
            "(() => {{ const e = document.querySelector({}); if (!e) return null; e.scrollIntoView({{block: 'center', behavior: 'instant'}}); \
             const b = e.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; }})()",
            json!(selector)
        ));
        let at = |side: usize| place[side].as_f64().unwrap_or_else(|| panic!("nothing is `{selector}`"));
        [at(0), at(1)]
    }

    fn mouse(&mut self, kind: &str, [x, y]: [f64; 2], button: &str) {
        let clicks = u8::from(button != "none");
        self.order("Input.dispatchMouseEvent", json!({"type": kind, "x": x, "y": y, "button": button, "clickCount": clicks}));
    }

    /// Moves the mouse onto an element.
    pub(crate) fn hover(&mut self, selector: &str) {
        let at = self.middle(selector);
        self.mouse("mouseMoved", at, "none");
        self.settle();
    }

    /// Clicks on an element.
    pub(crate) fn click(&mut self, selector: &str) {
        let at = self.middle(selector);
        self.mouse("mouseMoved", at, "none");
        self.mouse("mousePressed", at, "left");
        self.mouse("mouseReleased", at, "left");
        self.settle();
    }

    /// Presses a key by its name in the DOM, such as `ArrowDown`, `Enter` or `f`.
    pub(crate) fn key(&mut self, key: &str) {
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            "Tab" => 9,
            "End" => 35,
            "Home" => 36,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            other => u32::from(other.to_ascii_uppercase().as_bytes()[0]),
        };
        let mut down = json!({"type": "keyDown", "key": key, "windowsVirtualKeyCode": code});
        if key.chars().count() == 1 {
            down["text"] = json!(key);
        } else if key == "Enter" {
            down["text"] = json!("\r");
        }
        self.order("Input.dispatchKeyEvent", down);
        self.order("Input.dispatchKeyEvent", json!({"type": "keyUp", "key": key, "windowsVirtualKeyCode": code}));
        self.settle();
    }

    /// Types a text, key by key.
    pub(crate) fn write(&mut self, text: &str) {
        for letter in text.chars() {
            self.key(&letter.to_string());
        }
    }

    /// Sets the window's size in pixels, as a phone with touch or as a desk.
    pub(crate) fn resize(&mut self, [width, height]: [u32; 2], phone: bool) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone});
        self.order("Emulation.setDeviceMetricsOverride", size);
        self.order("Emulation.setTouchEmulationEnabled", json!({"enabled": phone}));
        self.settle();
    }

    /// Sets what media queries see: `screen` or `print`, and whether dark is preferred.
    pub(crate) fn media(&mut self, media: &str, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.order("Emulation.setEmulatedMedia", json!({"media": media, "features": features}));
        self.settle();
    }

    /// Runs what follows without JavaScript, or with it again.
    pub(crate) fn script(&mut self, on: bool) {
        self.order("Emulation.setScriptExecutionDisabled", json!({"value": !on}));
    }

    /// Writes a picture of the window, or of the whole page, as PNG.
    pub(crate) fn screenshot(&mut self, file: &Path, whole: bool) {
        let answer = self.order("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": whole}));
        std::fs::write(file, decoded(answer["data"].as_str().unwrap())).unwrap();
    }

    /// Writes the page as it is printed on A4, as PDF.
    pub(crate) fn print(&mut self, file: &Path) {
        let paper = json!({"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": false});
        let answer = self.order("Page.printToPDF", paper);
        std::fs::write(file, decoded(answer["data"].as_str().unwrap())).unwrap();
    }

    /// Lines of the console that are errors or warnings, exceptions, and requests for anything but the file itself.
    pub(crate) fn faults(&mut self) -> Vec<String> {
        self.settle();
        let told = self.events.iter().filter_map(|event| {
            let parameters = &event["params"];
            match event["method"].as_str()? {
                "Runtime.exceptionThrown" => Some(parameters["exceptionDetails"].to_string()),
                "Runtime.consoleAPICalled" => Some(parameters["args"].to_string()),
                "Log.entryAdded" => Some(parameters["entry"].to_string()),
                "Network.requestWillBeSent" => {
                    let url = parameters["request"]["url"].as_str()?;
                    let own = url.starts_with("file://") && parameters["type"] == "Document" || url.starts_with("about:");
                    (!own).then(|| format!("request: {url}"))
                }
                _ => None,
            }
        });
        told.collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Bytes of base 64.
fn decoded(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = text.bytes().filter_map(digit).collect();
    let group = |group: &[u8]| {
        let bits = group.iter().fold(0u32, |bits, &digit| bits << 6 | u32::from(digit)) << (6 * (4 - group.len()));
        bits.to_be_bytes()[1..group.len()].to_vec()
    };
    digits.chunks(4).flat_map(group).collect()
}

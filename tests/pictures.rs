//! Every picture of `nas plot` of real networks at both widths: no text meets another or leaves the page, axes have units, and the PNG
//! shows what the SVG says.
//!
//! Texts are read from the SVG and measured with the font here, whatever the program thought of them.

use std::process::Command;

use ab_glyph::Font as _;
use ab_glyph::FontRef;
use regex_lite::Regex;

const BOOK: &[u8] = include_bytes!("../src/report/picture/font/DejaVuSansCondensed.ttf");
const BOLD: &[u8] = include_bytes!("../src/report/picture/font/DejaVuSansCondensed-Bold.ttf");

const NETS: [&str; 6] = ["googlenet", "inception-v4", "densenet121", "mobilenet_v2", "resnet50", "vgg16"];
/// Every kind with what one of its texts must end with: the unit of its axis, or of its numbers.
const KINDS: [(&str, &str); 10] = [
    ("modules", "\u{202F}%"),
    ("naive", "×"),
    ("cumulative", "\u{202F}G|\u{202F}M"),
    ("parameters", "\u{202F}G|\u{202F}M"),
    ("memory", "\u{202F}MB|\u{202F}kB"),
    ("sweep --sides 160,224,256", "\u{202F}G|\u{202F}M"),
    ("field", "\u{202F}px"),
    ("marginal", "\u{202F}M|\u{202F}k"),
    ("roofline --machine example", "\u{202F}G|\u{202F}M"),
    ("icicle", "multiply-adds"),
];

/// Runs `nas plot` and gives what it printed, or what it complained about.
fn plot(args: &str) -> Result<Vec<u8>, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_nas")).arg("plot").args(args.split(' ')).output().expect("nas runs");
    if output.status.success() { Ok(output.stdout) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn svg(args: &str) -> String {
    String::from_utf8(plot(args).unwrap_or_else(|error| panic!("{args}: {error}"))).expect("SVG is UTF-8")
}

/// A text with its box: from the top of its capitals to the bottom of its descenders.
#[derive(Debug)]
struct Written {
    words: String,
    size: f64,
    /// Left, top, right, bottom.
    area: [f64; 4],
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let found = Regex::new(&format!(" {name}=\"([^\"]*)\"")).expect("a pattern").captures(tag)?;
    Some(found[1].to_owned())
}

fn number(tag: &str, name: &str) -> f64 {
    attribute(tag, name).and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{name} of {tag}"))
}

fn texts(svg: &str) -> Vec<Written> {
    let [book, bold] = [BOOK, BOLD].map(|bytes| FontRef::try_from_slice(bytes).expect("a font"));
    let pattern = Regex::new("<text([^>]*)>([^<]*)</text>").expect("a pattern");
    let written = |found: regex_lite::Captures<'_>| {
        let tag = &found[1];
        let words = found[2].replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        let font = if tag.contains("bold") { &bold } else { &book };
        assert!(words.chars().all(|char| font.glyph_id(char).0 != 0), "the font lacks a letter of `{words}`");
        let size = number(tag, "font-size");
        let units: f32 = words.chars().map(|char| font.h_advance_unscaled(font.glyph_id(char))).sum();
        let width = f64::from(units) / 2048.0 * size;
        let length = number(tag, "textLength");
        assert!((length - width).abs() <= 1.5, "`{words}` is {width} long, not {length}");
        let (x, y) = (number(tag, "x"), number(tag, "y"));
        let before = match attribute(tag, "text-anchor").as_deref() {
            None => 0.0,
            Some("middle") => width / 2.0,
            Some("end") => width,
            Some(other) => panic!("{other}"),
        };
        // DejaVu's capitals are 1493 units high; 483 hold its descenders.
        let (up, down) = (size * 1493.0 / 2048.0, size * 483.0 / 2048.0);
        let area = if tag.contains("rotate(-90") {
            [x - up, y - width + before, x + down, y + before]
        } else {
            [x - before, y - up, x - before + width, y + down]
        };
        Written { words, size, area }
    };
    pattern.captures_iter(svg).map(written).collect()
}

fn page(svg: &str) -> [f64; 2] {
    let found = Regex::new("viewBox=\"0 0 ([0-9]+) ([0-9]+)\"").expect("a pattern").captures(svg).expect("a page");
    [1, 2].map(|at| found[at].parse().expect("a number"))
}

/// What is wrong with a picture's texts.
fn faults(svg: &str) -> Vec<String> {
    let ([width, height], texts) = (page(svg), texts(svg));
    let mut faults = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let [left, top, right, bottom] = text.area;
        if left < -1.0 || top < -1.0 || right > width + 1.0 || bottom > height + 1.0 {
            faults.push(format!("`{}` leaves the page: {:?} of {width} x {height}", text.words, text.area));
        }
        // 5.2 pt in hundredths of a millimetre.
        if text.size < 183.0 {
            faults.push(format!("`{}` is set too small", text.words));
        }
        for other in &texts[..at] {
            let apart = right <= other.area[0] + 1.0
                || other.area[2] <= left + 1.0
                || bottom <= other.area[1] + 1.0
                || other.area[3] <= top + 1.0;
            if !apart {
                faults.push(format!("`{}` meets `{}`", text.words, other.words));
            }
        }
    }
    faults
}

#[test]
fn no_text_meets_another_or_leaves_the_page() {
    let mut all = Vec::new();
    for (kind, unit) in KINDS {
        for net in NETS {
            for width in ["column", "page"] {
                let args = format!("{net} --kind {kind} --width {width}");
                if kind == "naive" && !matches!(net, "googlenet" | "inception-v4") {
                    continue;
                }
                let svg = svg(&args);
                all.extend(faults(&svg).into_iter().map(|fault| format!("{args}: {fault}")));
                let ends = Regex::new(&format!("({unit})$")).expect("a pattern");
                let has_unit = texts(&svg).iter().any(|text| ends.is_match(&text.words));
                assert!(has_unit, "{args}: no text ends with {unit}");
                assert!(texts(&svg).len() > 5, "{args}");
            }
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn many_networks_have_labels_that_meet_nothing() {
    let nets = "googlenet googlenet-sepconv googlenet-torchvision alexnet densenet121 efficientnet_b0 inception-v3 inception-v4 \
                mnasnet1_0 mobilenet_v2 mobilenet_v3_small regnet_y_400mf resnet18 resnet50 shufflenet_v2_x1_0 squeezenet1_1 vgg16 nin";
    let nets = nets.split_whitespace().collect::<Vec<_>>().join(" ");
    for width in ["column", "page"] {
        let picture = svg(&format!("{nets} --naive --kind parameters --width {width}"));
        assert_eq!(faults(&picture), Vec::<String>::new(), "{width}");
        for net in nets.split(' ') {
            assert!(texts(&picture).iter().any(|text| text.words.contains(net)), "{width}: {net} has no label");
        }
        let lines = svg(&format!("googlenet googlenet-sepconv vgg16 resnet50 --kind cumulative --width {width}"));
        assert_eq!(faults(&lines), Vec::<String>::new(), "{width}");
        let naive = svg(&format!("googlenet googlenet-sepconv --naive --kind cumulative --width {width}"));
        assert_eq!(faults(&naive), Vec::<String>::new(), "{width}");
    }
}

/// The picture shows figures of the paper, counted elsewhere: `tests/fixtures/truth`.
#[test]
fn pictures_say_what_is_true() {
    let says = |args: &str, words: &[&str]| {
        let found: Vec<String> = texts(&svg(args)).into_iter().map(|text| text.words).collect();
        for words in words {
            let words = words.replace('_', "\u{202F}");
            assert!(found.contains(&words), "{args} does not say `{words}`: {found:?}");
        }
    };
    says("googlenet", &["118.0", "346.8", "1.583_G multiply-adds: 82.67_M over the 1.5_G budget (+5.51_%)"]);
    says("googlenet --kind naive", &["12.57_G", "1.583_G", "7.94×", "4_944", "1_024", "2.37×", "19.75×", "4_048"]);
    says(
        "googlenet googlenet-sepconv --kind cumulative",
        &["1.583_G  +5.51_%", "1.499_G  \u{2212}0.09_%", "before the end of 3b"],
    );
    // Beside a network with other layers the twin is drawn as well.
    says("googlenet vgg16 --naive --kind cumulative", &["naive: 12.57_G (7.94×)"]);
    says("googlenet --kind memory", &["peak 4.82_MB at norm2", "reads 2.41_MB, writes 2.41_MB", "parameters: 28.0_MB"]);
    says("googlenet --kind sweep --sweep 3b/3x3/reduce=96,128", &["as written: 128, 1.583_G", "budget 1.5_G"]);
    says("googlenet --kind field", &["715", "587", "459", "427", "jump 16_px", "image: 224_px"]);
    says("googlenet --kind marginal", &["5.620", "2.082", "54 of 128", "+1_985", "12.58_%"]);
    says("googlenet --kind icicle", &["stem  30.2_%", "stage 4  34.7_%", "173.4_M"]);
}

struct Bitmap {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Bitmap {
    fn of(bytes: &[u8]) -> Bitmap {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut pixels).expect("pixels");
        assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
        Bitmap { width: info.width, height: info.height, pixels }
    }

    fn at(&self, x: f64, y: f64) -> String {
        let at = (y as usize * self.width as usize + x as usize) * 3;
        let [red, green, blue] = [0, 1, 2].map(|part| self.pixels[at + part]);
        format!("{red:02X}{green:02X}{blue:02X}")
    }
}

#[test]
fn bitmaps_show_what_the_vectors_say() {
    let folder = std::env::temp_dir().join(format!("nas-pictures-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("picture.png");
    for (args, dpi, millimetres) in [
        ("googlenet --width column", 300, 85.0),
        ("googlenet --theme dark", 200, 174.0),
        ("inception-v4 --dpi 144", 144, 174.0),
        ("resnet50 --kind icicle", 200, 174.0),
    ] {
        let written = || {
            plot(&format!("{args} -o {}", file.display())).expect("it draws");
            std::fs::read(&file).expect("a file")
        };
        let bytes = written();
        assert_eq!(bytes, written(), "{args}: bytes differ from run to run");
        let (bitmap, vectors) = (Bitmap::of(&bytes), svg(args.split(" --dpi").next().expect("arguments")));
        let scale = f64::from(dpi) / 2540.0;
        assert_eq!(bitmap.width, (millimetres * f64::from(dpi) / 25.4_f64).ceil() as u32, "{args}");
        assert_eq!(bitmap.height, (page(&vectors)[1] * scale).ceil() as u32, "{args}");
        // Parts are neither hidden nor written on near their upper left corner, but hatched ones have lines.
        let rect = Regex::new("</title>\n<rect([^>]*)/>\n(</g>|<text)").expect("a pattern");
        let mut looked_at = 0;
        for found in rect.captures_iter(&vectors) {
            let [x, y, width, height] = ["x", "y", "width", "height"].map(|name| number(&found[1], name));
            if width * scale < 6.0 || height * scale < 8.0 {
                continue;
            }
            looked_at += 1;
            let colour = attribute(&found[1], "fill").expect("a fill");
            let seen = bitmap.at(x * scale + 2.0, (y + height) * scale - 2.0);
            assert_eq!(format!("#{seen}"), colour, "{args}: {}", &found[1]);
        }
        assert!(looked_at > 15, "{args}: {looked_at}");
        let ground = attribute(vectors.lines().nth(1).expect("a page"), "fill").expect("a fill");
        let corners = [(0.0, 0.0), (f64::from(bitmap.width) - 1.0, f64::from(bitmap.height) - 1.0)];
        for (x, y) in corners {
            assert_eq!(format!("#{}", bitmap.at(x, y)), ground);
        }
        // Some pixels have colours of no role: edges of letters, covered in part.
        let shades: std::collections::BTreeSet<&[u8]> = bitmap.pixels.chunks(3).collect();
        assert!(shades.len() > 60, "{args}: {} colours", shades.len());
    }
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    for (args, complaint) in [
        ("googlenet vgg16", "shows one spec"),
        ("googlenet --naive", "`--naive`"),
        ("vgg16 --kind naive", "no `inception`"),
        ("googlenet --kind sweep", "nothing is swept"),
        ("googlenet --sides 224", "`--sweep` and `--sides`"),
        ("googlenet --kind sweep --sweep conv9=32", "no layer"),
        ("googlenet --dpi 300", "`--dpi` is for PNG"),
        ("googlenet -o picture.pdf", "SVG or PNG"),
        ("googlenet --kind pie", "possible values"),
    ] {
        let error = plot(args).expect_err(args);
        assert!(error.contains(complaint), "{args}: {error}");
    }
}

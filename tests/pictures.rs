//! Every picture of `nas plot` of real networks, and of trainings, at both widths: no text meets another or leaves the page, axes have
//! units, and the PNG shows what the SVG says.
//!
//! Texts are read from the SVG and measured with the font here, whatever the program thought of them.

use std::process::Command;

use ab_glyph::Font as _;
use ab_glyph::FontRef;
use nas::report::Colouring;
use nas::report::Picture;
use nas::report::RunCurve;
use nas::report::Theme;
use nas::report::Width;
use nas::train::EVALUATION;
use nas::train::Epoch;
use nas::train::Judgement;
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

/// A training that comes to rest after ups and downs; its best epoch is not its last.
fn epochs(count: u32, shift: f64, validated: bool) -> Vec<Epoch> {
    let mut most = 0.0;
    let epoch = |number: u32| {
        let at = f64::from(number);
        let accuracy = (0.9 - 0.7 * (-3.0 * at / f64::from(count)).exp() + 0.03 * (at * 5.0 + shift).sin()).clamp(0.0, 1.0);
        let validation = (accuracy - 0.05 * (at * 2.0 + shift).cos()).clamp(0.0, 1.0);
        let best = validation > most;
        most = validation.max(most);
        Epoch {
            epoch: number,
            steps: u64::from(number),
            lr: 0.1,
            loss: 2.3 * (1.0 - accuracy),
            accuracy,
            validation_loss: validated.then_some(2.5 * (1.0 - validation)),
            validation_accuracy: validated.then_some(validation),
            best,
            images_per_second: 100.0,
        }
    };
    (1..=count).map(epoch).collect()
}

fn judgement(classes: usize, name: &str) -> Judgement {
    let times = |row: usize, column: usize| match row.abs_diff(column) {
        0 => 100 + row as u64,
        apart if (row * 7 + column).is_multiple_of(5) => 40 / apart as u64,
        _ => 0,
    };
    let confusion: Vec<Vec<u64>> = (0..classes).map(|row| (0..classes).map(|column| times(row, column)).collect()).collect();
    Judgement {
        schema: EVALUATION.to_owned(),
        name: "cifar-inception-with-a-long-name".to_owned(),
        which: "best".to_owned(),
        part: "test".to_owned(),
        images: confusion.iter().flatten().sum(),
        loss: 0.5,
        top1: (0..classes).map(|class| confusion[class][class]).sum(),
        top5: confusion.iter().flatten().sum(),
        classes: (0..classes).map(|class| format!("{name} {class}")).collect(),
        confusion,
    }
}

/// A picture at both widths, with what is wrong with its texts.
fn at_both_widths(name: &str, draw: impl Fn(Width) -> Picture) -> Vec<String> {
    let mut all = Vec::new();
    for width in [Width::Column, Width::Page] {
        let picture = draw(width);
        let text = nas::report::svg(&picture, Colouring::Theme(Theme::Dark));
        assert_eq!(text, nas::report::svg(&draw(width), Colouring::Theme(Theme::Dark)), "{name}: bytes differ");
        all.extend(faults(&text).into_iter().map(|fault| format!("{name}, {width:?}: {fault}")));
    }
    all
}

#[test]
fn pictures_of_trainings_have_texts_that_meet_nothing() {
    let mut all = Vec::new();
    for (count, planned) in [(0, 10), (1, 1), (2, 300), (3, 3), (40, 60), (777, 1000)] {
        for validated in [true, false] {
            all.extend(at_both_widths(&format!("{count} epochs of {planned}"), |width| {
                nas::report::training_curves("a-network-with-a-name", &epochs(count, 0.0, validated), planned, width)
            }));
        }
    }
    for groups in [0, 1, 2, 7, 16] {
        for seeds in [1, 3] {
            let runs: Vec<RunCurve> = (0..groups * seeds)
                .map(|number| RunCurve {
                    name: format!("network {}, lr 0.0{0}, weight_decay 0.000{0}, schedule cosine", number / seeds),
                    epochs: epochs(20 + number, f64::from(number), true),
                })
                .collect();
            all.extend(at_both_widths(&format!("{groups} groups of {seeds}"), |width| nas::report::curves_of_runs(&runs, width)));
        }
    }
    for classes in [1, 2, 10, 25, 37, 40, 41, 100, 300] {
        for name in ["c", "class", "a class that has a very long name"] {
            let found = judgement(classes, name);
            all.extend(at_both_widths(&format!("{classes} classes `{name}`"), |width| nas::report::confusion(&found, width)));
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn pictures_of_trainings_say_what_is_true() {
    let said = |picture: &Picture| -> Vec<String> {
        texts(&nas::report::svg(picture, Colouring::Theme(Theme::Light))).into_iter().map(|text| text.words).collect()
    };
    let log = epochs(40, 0.0, true);
    let best = log.iter().rev().find(|epoch| epoch.best).expect("a best epoch");
    assert!(best.epoch < 40, "the best epoch is not the last");
    let words = said(&nas::report::training_curves("net", &log, 60, Width::Page));
    let told = format!("best epoch, {}: {:.2}\u{202F}%", best.epoch, best.validation_accuracy.expect("validated") * 100.0);
    for wanted in [&*told, "net: training", "validation", "loss", "accuracy", "100\u{202F}%", "epoch", "60"] {
        assert!(words.iter().any(|words| words == wanted), "`{wanted}`: {words:?}");
    }
    // 2 + 1 + 1 images: half of the first class is taken for the second.
    let found = Judgement { confusion: vec![vec![1, 1], vec![0, 2]], images: 4, top1: 3, ..judgement(2, "kind") };
    let words = said(&nas::report::confusion(&found, Width::Page));
    for (wanted, times) in [("75.00\u{202F}% of 4 images right", 1), ("50", 2), ("100", 1), ("kind 0", 2), ("kind 1", 2)] {
        assert_eq!(words.iter().filter(|words| *words == wanted).count(), times, "`{wanted}`: {words:?}");
    }
    // A network may take images for a class that has no name.
    let found = Judgement { confusion: vec![vec![1, 0, 1], vec![0, 2, 0]], ..found };
    assert!(said(&nas::report::confusion(&found, Width::Page)).contains(&"other".to_owned()));
    let many = said(&nas::report::confusion(&judgement(41, "class"), Width::Page));
    assert!(many.len() <= 4 && many.iter().any(|words| words.starts_with("Rows are the 41 classes")), "{many:?}");
}

/// Runs that differ in their seed alone have one colour, a band and a line through its middle.
#[test]
fn seeds_share_a_colour() {
    let shifted = |shift: f64| -> Vec<Epoch> {
        let flat = |epoch: Epoch| Epoch { validation_accuracy: Some(0.5 + shift), validation_loss: Some(1.0 + shift), ..epoch };
        epochs(2, 0.0, true).into_iter().map(flat).collect()
    };
    let run = |name: &str, shift: f64| RunCurve { name: name.to_owned(), epochs: shifted(shift) };
    let runs = [run("a", 0.1), run("a", 0.3), run("b", 0.0)];
    let text = nas::report::svg(&nas::report::curves_of_runs(&runs, Width::Page), Colouring::Theme(Theme::Light));
    let colours = |pattern: &str| -> Vec<String> {
        Regex::new(pattern).expect("a pattern").captures_iter(&text).map(|found| found[1].to_owned()).collect()
    };
    let bands = colours("fill=\"(#[0-9A-F]+)\" fill-opacity");
    let lines = colours("fill=\"none\" stroke=\"(#[0-9A-F]+)\"");
    assert_eq!((bands.len(), lines.len()), (2, 4), "{text}");
    assert!(bands.iter().all(|band| *band == lines[0]) && lines[0] == lines[2] && lines[1] == lines[3] && lines[0] != lines[1]);
    // The mean of 0.6 and 0.8 lies in the middle of the band between them.
    let heights = |found: &str| -> Vec<i32> {
        let pattern = Regex::new("[ML]([0-9]+),([0-9]+)").expect("a pattern");
        pattern.captures_iter(found).map(|found| found[2].parse().expect("a number")).collect()
    };
    let path = |ending: &str| -> Vec<Vec<i32>> {
        text.lines().filter(|line| line.starts_with("<path") && line.contains(ending)).map(heights).collect()
    };
    let (band, mean) = (path("fill-opacity")[1].clone(), path("fill=\"none\"")[2].clone());
    let (most, least) = (band[0], band[band.len() - 1]);
    assert!((i32::midpoint(most, least) - mean[0]).abs() <= 1 && most < mean[0], "{band:?} {mean:?}");
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

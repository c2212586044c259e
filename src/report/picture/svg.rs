//! A picture as SVG. Texts stay texts, to be found and copied, each as long as it was measured whatever font a reader has; the file's
//! bytes depend on the scene alone.

use std::fmt::Write as _;

use crate::report::picture::font;
use crate::report::picture::mark::Anchor;
use crate::report::picture::mark::Area;
use crate::report::picture::mark::Mark;
use crate::report::picture::mark::Panel;
use crate::report::picture::mark::Stroke;
use crate::report::picture::mark::Tag;
use crate::report::picture::mark::Text;
use crate::report::picture::palette::Palette;
use crate::report::picture::palette::Theme;
use crate::report::picture::path::Path;
use crate::report::picture::path::Step;
use crate::report::picture::role::Role;
use crate::report::picture::scene::Picture;

/// Characters of a text whose length a page leaves to its reader's font.
const SHORT: usize = 6;

/// Where colours come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colouring {
    /// They are written out.
    Theme(Theme),
    /// They are the variables of a page's style sheet that [`variables`] lists, so that a picture in an HTML page follows its theme.
    Variables,
}

/// Every variable that a picture may ask for, such as `--ink`, with its colour in a theme.
pub fn variables(theme: Theme) -> Vec<(String, String)> {
    let palette = Palette::of(theme);
    Role::all().into_iter().map(|role| (variable(role), palette.colour(role).to_string())).collect()
}

fn variable(role: Role) -> String {
    format!("--{}", role.name())
}

/// A picture as a file of its own, sized in millimetres; it may also stand in an HTML page as it is.
pub fn svg(picture: &Picture, colouring: Colouring) -> String {
    let (width, height) = (picture.width, picture.height);
    let millimetres = |units: i32| format!("{}.{:02}mm", units / 100, units % 100);
    let mut writer = Writer { colouring, text: String::new() };
    writer.put(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"{}\">\n",
        millimetres(width),
        millimetres(height),
        font::FAMILY
    ));
    writer.marks(&picture.marks);
    writer.text + "</svg>\n"
}

struct Writer {
    colouring: Colouring,
    text: String,
}

impl Writer {
    fn put(&mut self, words: std::fmt::Arguments<'_>) {
        self.text.write_fmt(words).expect("writing into a string does not fail");
    }

    fn colour(&self, role: Role) -> String {
        match self.colouring {
            Colouring::Theme(theme) => Palette::of(theme).colour(role).to_string(),
            Colouring::Variables => format!("var({})", variable(role)),
        }
    }

    fn marks(&mut self, marks: &[Mark]) {
        for mark in marks {
            match mark {
                Mark::Panel(panel) => self.panel(panel),
                Mark::Path { path, fill, stroke } => self.path(path, *fill, *stroke),
                Mark::Marker { form, at, radius, fill, edge } => {
                    self.path(&Path::of_marker(*form, *at, *radius), Some((*fill, 100)), *edge);
                }
                Mark::Text(text, area) => self.write(text, *area),
                Mark::Group(tag, marks) => self.group(tag, marks),
            }
        }
    }

    fn panel(&mut self, panel: &Panel) {
        let Area { left, top, .. } = panel.area;
        let (width, height) = (panel.area.width(), panel.area.height());
        let fill = panel.fill.map_or_else(|| "none".to_owned(), |role| self.colour(role));
        self.put(format_args!("<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\""));
        if panel.radius > 0 {
            self.put(format_args!(" rx=\"{}\"", panel.radius));
        }
        self.stroke(panel.edge);
        self.text += "/>\n";
    }

    fn path(&mut self, path: &Path, fill: Option<(Role, u8)>, stroke: Option<Stroke>) {
        self.text += "<path d=\"";
        for step in &path.steps {
            match step {
                Step::Move(point) => self.put(format_args!("M{},{}", point.x, point.y)),
                Step::Line(point) => self.put(format_args!("L{},{}", point.x, point.y)),
                Step::Curve([first, second, end]) => {
                    self.put(format_args!("C{},{} {},{} {},{}", first.x, first.y, second.x, second.y, end.x, end.y));
                }
                Step::Close => self.text.push('Z'),
            }
        }
        let (colour, opacity) = fill.map_or_else(|| ("none".to_owned(), 100), |(role, opacity)| (self.colour(role), opacity));
        self.put(format_args!("\" fill=\"{colour}\""));
        if opacity < 100 {
            self.put(format_args!(" fill-opacity=\"0.{opacity:02}\""));
        }
        self.stroke(stroke);
        self.text += "/>\n";
    }

    fn stroke(&mut self, stroke: Option<Stroke>) {
        let Some(Stroke { width, role, dash }) = stroke else { return };
        let colour = self.colour(role);
        self.put(format_args!(" stroke=\"{colour}\" stroke-width=\"{width}\""));
        match dash {
            Some([dash, gap]) => self.put(format_args!(" stroke-dasharray=\"{dash},{gap}\"")),
            None => self.text += " stroke-linejoin=\"round\"",
        }
    }

    fn write(&mut self, text: &Text, area: Area) {
        let length = if text.rotated { area.height() } else { area.width() };
        let down = font::below_middle(text.em);
        let (x, y) = if text.rotated { (text.x + down, text.y) } else { (text.x, text.y + down) };
        self.put(format_args!("<text x=\"{x}\" y=\"{y}\" font-size=\"{}\"", text.em));
        if text.bold {
            self.text += " font-weight=\"bold\"";
        }
        match text.anchor {
            Anchor::Start => {}
            Anchor::Middle => self.text += " text-anchor=\"middle\"",
            Anchor::End => self.text += " text-anchor=\"end\"",
        }
        if text.rotated {
            self.put(format_args!(" transform=\"rotate(-90 {x} {y})\""));
        }
        let colour = self.colour(text.role);
        let words = escaped(&text.words);
        self.put(format_args!(" fill=\"{colour}\""));
        // In a page, whose bytes are many, a text of a few characters may be a little wider or narrower.
        if self.colouring != Colouring::Variables || text.words.chars().count() > SHORT {
            self.put(format_args!(" textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\""));
        }
        self.put(format_args!(">{words}</text>\n"));
    }

    fn group(&mut self, tag: &Tag, marks: &[Mark]) {
        self.put(format_args!("<g class=\"{}\"", tag.class));
        if let Some(path) = &tag.path {
            self.put(format_args!(" data-path=\"{}\"", escaped(path)));
        }
        self.text.push('>');
        if let Some(title) = &tag.title {
            self.put(format_args!("<title>{}</title>", escaped(title)));
        }
        self.text.push('\n');
        self.marks(marks);
        self.text += "</g>\n";
    }
}

/// Words as XML text or as the value of an attribute; what XML cannot hold is left out.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for char in words.chars() {
        match char {
            '&' => text += "&amp;",
            '<' => text += "&lt;",
            '>' => text += "&gt;",
            '"' => text += "&quot;",
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            char => text.push(char),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_has_a_name_of_its_own() {
        let mut names: Vec<String> = variables(Theme::Light).into_iter().map(|(name, _)| name).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        // Fifteen without a kind; four for each of five hues, their five tints, the stem and the classifier.
        assert_eq!((names.len(), count), (15 + 4 * 12, 15 + 4 * 12));
    }

    #[test]
    fn words_cannot_break_out() {
        assert_eq!(escaped("a<b> & \"c\"\u{1}"), "a&lt;b&gt; &amp; &quot;c&quot;");
    }
}

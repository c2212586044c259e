//! How much of planted networks each method finds, by the number of samples.

use crate::base::units;
use crate::propose::Benchmark;
use crate::propose::Method;
use crate::propose::Outcome;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Marker;
use crate::report::picture::Path;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::picture::spaced;
use crate::report::plot::curves::line;
use crate::report::plot::frame::Ticks;
use crate::report::plot::logarithmic::Logarithmic;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::sheet::Swatch;

/// Medians of F1 of the first layer over samples on a logarithmic axis, with bands from the least to the largest over seeds.
pub fn found_by_samples(all: &[Benchmark], width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let y = sheet.title(None, "what methods find of planted networks");
    let about = all.first().map_or_else(String::new, about);
    let y = sheet.subtitle(&about, y);
    let methods: Vec<Method> =
        Method::ALL.into_iter().filter(|&method| all.iter().any(|one| of(one, method).is_some())).collect();
    let entries: Vec<(Swatch, String)> =
        methods.iter().enumerate().map(|(at, method)| (Swatch::Fill(line(at).role), method.name().to_owned())).collect();
    let y = sheet.legend(&entries, y);
    let left = MARGIN + sheet.scene.measure("1.00", sheet.small, false) + sheet.em / 2;
    let top = y + sheet.em * 2;
    let height = sheet.scene.width * if sheet.is_page() { 40 } else { 70 } / 100;
    let area = Area { left, top, right: sheet.right() - sheet.em * 2, bottom: top + height };
    Ticks::quarters(|quarter| format!("{:.2}", quarter as f64 / 4.0)).draw(&mut sheet, area);
    let axis = Logarithmic::of(all.iter().map(|one| one.samples as u64), 0.05);
    for (samples, word) in axis.ticks(2.6).0 {
        let x = axis.place(samples as f64, area.left, area.right);
        sheet.put(sheet.sub(&word, x, area.bottom + sheet.em * 11 / 10, Anchor::Middle));
    }
    let place = |samples: usize, f1: f64| {
        Point::at(axis.place(samples as f64, area.left, area.right), area.rise((f1.clamp(0.0, 1.0) * 1e6) as u64, 1_000_000))
    };
    for (at, &method) in methods.iter().enumerate() {
        let found: Vec<(usize, &Outcome)> = all.iter().filter_map(|one| Some((one.samples, of(one, method)?))).collect();
        let above = found.iter().map(|(samples, found)| place(*samples, found.most_f1));
        let below = found.iter().rev().map(|(samples, found)| place(*samples, found.least_f1));
        let band: Vec<Point> = above.chain(below).collect();
        sheet.scene.shape(Path::around(&band), line(at).role, 15);
        let points: Vec<Point> = found.iter().map(|(samples, found)| place(*samples, found.f1)).collect();
        sheet.scene.line(&points, line(at));
        points.iter().for_each(|&point| sheet.scene.marker(Marker::Circle, point, 50, line(at).role, None));
    }
    let y = area.bottom + sheet.em * 23 / 10;
    sheet.put(Text { role: Role::Sub, ..sheet.sub("samples", area.middle().x, y, Anchor::Middle) });
    let seeds = all.first().map_or(0, |one| one.seeds);
    let bottom = sheet
        .remark(&format!("F1 of positive edges of the first layer: medians and ranges over {seeds} networks."), y + sheet.em * 2);
    sheet.finish(bottom)
}

fn of(found: &Benchmark, method: Method) -> Option<&Outcome> {
    found.results.iter().find(|outcome| outcome.method == method && outcome.layer == 0)
}

/// `n = 500, m = 250, d = 16, rho = 0.02, noise 0`.
fn about(found: &Benchmark) -> String {
    let count = |count: usize| spaced(&units::grouped(count as u128));
    let degree = found.degree.map_or_else(String::new, |degree| format!(", d = {degree}"));
    format!("n = {}, m = {}{degree}, rho = {}, noise {}", count(found.units), count(found.hidden), found.rate, found.noise)
}

//! What a machine can do, on a terminal.

use crate::base::KernelTime;
use crate::base::Machine;
use crate::base::Speed;
use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;

/// The rates with one thread and with all, then each layer that was timed.
pub fn machine_table(machine: &Machine, paint: &Paint) -> String {
    let mut text = paint.text(Colour::Bold, &machine.name) + "\n";
    let quick = if machine.quick { ", measured in a hurry" } else { "" };
    let about = format!("{}, {}, {}{quick}", machine.processor, threads(machine.threads), machine.arch);
    text += &(paint.text(Colour::Faint, &about) + "\n\n");
    let layers: Vec<&KernelTime> = machine.speeds.first().map(|speed| speed.kernels.iter().collect()).unwrap_or_default();
    let name = layers.iter().map(|layer| layer.to_string().chars().count()).max().unwrap_or(0).max(36);
    let line = |what: &str, cell: &dyn Fn(&Speed) -> String| {
        machine.speeds.iter().fold(format!("{what:name$}"), |line, speed| line + &format!("{:>26}", cell(speed))) + "\n"
    };
    text += &(paint.text(Colour::Faint, line("", &|speed| threads(speed.threads)).trim_end()) + "\n");
    text += &line("matrix kernel, Gmadd/s", &|speed| giga(speed.peak_madds_per_second));
    text += &line("memory read, GB/s", &|speed| giga(speed.read_bytes_per_second));
    text += &line("memory copied, read + written, GB/s", &|speed| giga(speed.copy_bytes_per_second));
    text += &line("ridge, madds a byte read", &|speed| {
        units::fixed(u128::from(speed.peak_madds_per_second) * 100, u128::from(speed.read_bytes_per_second) * 100, 2)
    });
    if layers.is_empty() {
        return text;
    }
    let columns = format!("{:>8}{:>9}{:>9}", "ms", "Gmadd/s", "of peak").repeat(machine.speeds.len());
    text += &("\n".to_owned() + &paint.text(Colour::Faint, &format!("{:name$}{columns}", "a layer for one image")) + "\n");
    for (at, layer) in layers.iter().enumerate() {
        let cells =
            machine.speeds.iter().map(|speed| speed.kernels.get(at).map_or_else(String::new, |kernel| cells(kernel, speed)));
        text += (format!("{:name$}", layer.to_string()) + &cells.collect::<String>()).trim_end();
        text.push('\n');
    }
    text
}

/// How many threads, in words.
pub(super) fn threads(count: usize) -> String {
    if count == 1 { "1 thread".to_owned() } else { format!("{count} threads") }
}

/// Thousands of millions, with one decimal, below ten with two.
pub(super) fn giga(rate: u64) -> String {
    units::fixed(rate.into(), 1_000_000_000, if rate < 10_000_000_000 { 2 } else { 1 })
}

fn cells(kernel: &KernelTime, speed: &Speed) -> String {
    let ms = units::fixed(kernel.ns.into(), 1_000_000, 3);
    if kernel.madds == 0 {
        return format!("{ms:>8}{:>9}{:>9}", "-", "-");
    }
    let rate = u128::from(kernel.madds) * 1_000_000_000 / u128::from(kernel.ns.max(1));
    let done = u128::from(kernel.products.unwrap_or(kernel.madds)) * 1_000_000_000 / u128::from(kernel.ns.max(1));
    let share = format!("{} %", units::share(done, speed.peak_madds_per_second.into()));
    format!("{ms:>8}{:>9}{share:>9}", giga(units::whole(rate)))
}

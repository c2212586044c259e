//! A real archive, where it lies beside the repository.

use std::path::Path;

use nas::data::Kind;
use nas::data::Options;
use nas::data::open;

/// CIFAR-10 as folders of JPEG. Its mean and deviation are widely known: 0.4914, 0.4822, 0.4465 and 0.2470, 0.2435, 0.2616.
#[test]
#[expect(clippy::print_stdout, reason = "says what was left out")]
fn cifar10_is_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/cifar10.tar.gz");
    if !path.exists() {
        println!("SKIPPED: there is no ../shared/data/cifar10.tar.gz");
        return;
    }
    let data = open(&path, &Options::default()).unwrap();
    assert_eq!((data.kind, data.shape(), data.classes.len()), (Kind::Folders, [3, 32, 32], 10));
    assert_eq!((&*data.classes[0], &*data.classes[9]), ("airplane", "truck"));
    assert_eq!(data.train().counts(10), [5000; 10]);
    assert_eq!(data.test().counts(10), [1000; 10]);
    let statistics = data.train().statistics();
    for (found, known) in statistics.mean.iter().zip([0.4914, 0.4822, 0.4465]) {
        assert!((found - known).abs() < 0.003, "{statistics:?}");
    }
    for (found, known) in statistics.deviation.iter().zip([0.2470, 0.2435, 0.2616]) {
        assert!((found - known).abs() < 0.003, "{statistics:?}");
    }
}

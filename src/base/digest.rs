//! SHA-256: names the text that a result was made from, and the script that a page may run.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest as _;
use sha2::Sha256;

/// The SHA-256 of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// Of these parts, one behind the other.
    pub fn of_parts<'b>(parts: impl IntoIterator<Item = &'b [u8]>) -> Digest {
        let mut digest = Sha256::new();
        parts.into_iter().for_each(|part| digest.update(part));
        Digest(digest.finalize().into())
    }

    /// In base 64, as a content security policy wants it.
    pub fn base64(&self) -> String {
        STANDARD.encode(self.0)
    }
}

/// In lower-case hexadecimal, as `sha256sum` prints it.
impl std::fmt::Display for Digest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of FIPS 180-4's authors.
    #[test]
    fn digests_are_those_of_the_standard() {
        let table: [(&[u8], &str); 3] = [
            (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
        ];
        for (bytes, digest) in table {
            assert_eq!(Digest::of(bytes).to_string(), digest);
        }
        assert_eq!(Digest::of(b"").base64(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}

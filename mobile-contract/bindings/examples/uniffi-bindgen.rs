//! Writes the bindings for a language from the built library; see `bindings/README.md`.

fn main() {
    uniffi::uniffi_bindgen_main();
}

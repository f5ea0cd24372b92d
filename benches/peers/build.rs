//! Compiles the peers in C and C++ (feature `c-peers`). A peer whose package is not installed is skipped.

/// A peer, its source, its library (some are headers only), and the Debian package with its headers.
#[cfg(feature = "c-peers")]
const PEERS: [(&str, &str, Option<&str>, &str); 4] = [
    ("rapidxml", "c/rapidxml.cpp", None, "librapidxml-dev"),
    ("pugixml", "c/pugixml.cpp", Some("pugixml"), "libpugixml-dev"),
    ("expat", "c/expat.c", Some("expat"), "libexpat1-dev"),
    ("libxml2", "c/libxml2.c", Some("xml2"), "libxml2-dev"),
];

fn main() {
    println!("cargo::rerun-if-changed=c");
    println!("cargo::rustc-check-cfg=cfg(c_peers)");
    println!("cargo::rustc-check-cfg=cfg(peer, values(\"rapidxml\", \"pugixml\", \"expat\", \"libxml2\"))");
    #[cfg(feature = "c-peers")]
    for (name, source, library, package) in PEERS {
        let is_compiled = cc::Build::new()
            .cpp(source.ends_with(".cpp"))
            .file(source)
            // Where Debian has the headers of libxml2.
            .include("/usr/include/libxml2")
            .opt_level(3)
            .cargo_warnings(false)
            .try_compile(&format!("peer_{name}"));
        if is_compiled.is_err() {
            println!("cargo::warning={name} is passed over: install {package} and build again");
            continue;
        }
        if let Some(library) = library {
            println!("cargo::rustc-link-lib={library}");
        }
        println!("cargo::rustc-cfg=c_peers");
        println!("cargo::rustc-cfg=peer=\"{name}\"");
    }
}

import Installer

/// What `--version` says.
enum Version {
    static let number = "0.1.0"
    /// When that version was made, as manual pages have it.
    static let date = "November 22, 2026"
    static let text = "buildkit-installer \(number), chart \(Chart.version), BuildKit \(Chart.appVersion)"
}

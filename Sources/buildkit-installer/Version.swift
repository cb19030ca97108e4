import Installer

/// What `--version` says.
enum Version {
    static let number = "0.1.0"
    static let text = "buildkit-installer \(number), chart \(Chart.version), BuildKit \(Chart.appVersion)"
}

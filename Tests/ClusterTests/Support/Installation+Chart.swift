import FoundationEssentials

extension Installation {
    /// Creates a foreign chart with one ConfigMap, `precious`.
    func makeChart(_ name: String) throws -> String {
        let chart = "\(folder)/\(name)"
        try FileManager.default.createDirectory(
            atPath: "\(chart)/templates", withIntermediateDirectories: true)
        try Data("apiVersion: v2\nname: \(name)\nversion: 1.0.0\n".utf8).write(
            to: URL(filePath: "\(chart)/Chart.yaml"))
        try Data("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: precious}\ndata: {a: b}\n".utf8)
            .write(to: URL(filePath: "\(chart)/templates/precious.yaml"))
        return chart
    }
}

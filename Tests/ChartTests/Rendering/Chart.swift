import FoundationEssentials
import LabSupport

/// The chart in this checkout, rendered by Helm's engine.
enum Chart {
    private static let checkout = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
    static let folder = "\(checkout)/templates/buildkit"
    static let tests = "\(checkout)/Tests/ChartTests"

    static func text(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: "\(folder)/\(name)"), encoding: .utf8)
    }

    /// One Python process for all releases, because its start takes most of the time.
    static func results(_ releases: [Release]) async throws -> [Rendered] {
        try await ask("render.py", folder, releases)
    }

    /// The answers of a script in this folder, which uses Helm's engine.
    static func ask<Answer: Decodable>(_ script: String, _ argument: String, _ requests: [some Encodable])
        async throws -> [Answer]
    {
        let library =
            try LabPart.helm.path.split(separator: "/").dropLast(2).map { "/\($0)" }.joined() + "/lib"
        let python = Program("python3", environment: ["PYTHONPATH": library, "PYTHONDONTWRITEBYTECODE": "1"])
        let input = String(decoding: try JSONEncoder().encode(requests), as: UTF8.self)
        let output = try await python.require("\(tests)/\(script)", argument, input: input)
        return try JSONDecoder().decode([Answer].self, from: Data(output.utf8))
    }

    static func render(_ releases: [Release]) async throws -> [Manifest] {
        try await results(releases).map { try Manifest($0) }
    }

    static func render(_ release: Release = Release()) async throws -> Manifest {
        try Manifest(await results([release])[0])
    }

    /// Helm's error instead of a manifest.
    static func refusal(of release: Release) async throws -> String? {
        try await results([release])[0].error
    }
}

/// The answer of `render.py` to one request.
struct Rendered: Decodable {
    let manifest: String?
    let tests: String?
    let notes: String?
    let error: String?
}

import FoundationEssentials

/// A revision of a release, as Helm 3 and 4 store it in a Secret.
///
/// https://helm.sh/docs/topics/advanced/#storage-backends
/// https://github.com/helm/helm/blob/main/pkg/storage/driver/util.go (the encoding)
struct ReleaseRecord: Decodable, Equatable, Sendable {
    // Helm's spelling.
    struct Info: Decodable, Equatable, Sendable {
        var status: String
        var last_deployed: String
        var description: String?
    }
    struct Metadata: Decodable, Equatable, Sendable {
        var name, version: String
        var appVersion: String?
    }
    struct Chart: Decodable, Equatable, Sendable { var metadata: Metadata }

    var version: Int
    var info: Info
    var chart: Chart
    /// The user's values; nil: none.
    var config: JSONValue?
    /// The objects, without those of hooks.
    var manifest: String?
}

extension ReleaseRecord {
    /// The maximum size of a record as JSON, in bytes. A Secret holds 1 MiB, compressed.
    private static let longest = 64 << 20

    private struct Unreadable: Error {}

    /// Decodes a record: base64, gzip, JSON. The API adds base64 of its own.
    /// - Throws: any error where the record is not understood.
    init(data: String) throws {
        guard let encoded = Data(base64Encoded: data), let stored = Data(base64Encoded: encoded) else {
            throw Unreadable()
        }
        // Records of early versions of Helm are not compressed.
        let json =
            stored.starts(with: Gzip.magic)
            ? Data(try Gzip.content(of: Array(stored), limit: Self.longest)) : stored
        self = try JSONDecoder().decode(ReleaseRecord.self, from: json)
    }

    /// The last revision of a release, which is Helm's choice where none is named.
    /// - Parameter list: the Secrets of a release, as JSON.
    /// - Returns: nil where there is no record.
    /// - Throws: any error where a record is not understood.
    static func last(in list: String) throws -> ReleaseRecord? {
        let secrets = try JSONDecoder().decode(SecretList.self, from: Data(list.utf8)).items.map { secret in
            guard let revision = Int(secret.metadata.labels?["version"] ?? ""), secret.type == SecretList.type
            else { throw Unreadable() }
            return (revision: revision, data: secret.data?["release"] ?? "")
        }
        guard let last = secrets.max(by: { $0.revision < $1.revision }) else { return nil }
        let record = try ReleaseRecord(data: last.data)
        guard record.version == last.revision else { throw Unreadable() }
        return record
    }

    private struct SecretList: Decodable {
        /// The type of the Secrets of Helm 3 and 4.
        static let type = "helm.sh/release.v1"

        struct Metadata: Decodable { var labels: [String: String]? }
        struct Secret: Decodable {
            var metadata: Metadata
            var type: String?
            var data: [String: String]?
        }
        var items: [Secret]
    }
}

extension ReleaseRecord {
    /// A row of `helm history --output json`.
    var row: JSONValue {
        [
            "revision": .number(Double(version)), "updated": .string(info.last_deployed),
            "status": .string(info.status),
            "chart": .string("\(chart.metadata.name)-\(chart.metadata.version)"),
            "app_version": .string(chart.metadata.appVersion ?? ""),
            "description": .string(info.description ?? ""),
        ]
    }
}

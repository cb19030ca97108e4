import Foundation
@testable import MutualTLS
import Testing

/// A folder that is deleted after the test, in which the openssl command line runs.
final class Scratch {
    let path: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/mutual-tls-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    subscript(name: String) -> String { path + "/" + name }

    func write(_ text: String, to name: String) throws {
        try write(Array(text.utf8), to: name)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        let path = self[name]
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    func text(of name: String) throws -> String { try String(contentsOfFile: self[name], encoding: .utf8) }

    func mode(of name: String) throws -> Int {
        let mode = try FileManager.default.attributesOfItem(atPath: self[name])[.posixPermissions] as? Int
        return try #require(mode)
    }

    /// Runs openssl in this folder; the words are split at spaces.
    @discardableResult
    func openssl(_ words: String..., failing: Bool = false) throws -> String {
        let arguments = words.flatMap { $0.split(separator: " ").map(String.init) }
        let outcome = try Tool.run("openssl", arguments, in: path)
        if failing {
            try #require(outcome.status != 0, "openssl \(arguments) should fail:\n\(outcome.output)")
        } else {
            try #require(outcome.status == 0, "openssl \(arguments):\n\(outcome.output)")
        }
        return outcome.output
    }
}

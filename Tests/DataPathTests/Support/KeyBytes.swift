import Foundation
import LabSupport

/// Searches for private keys in every form in which they could have been leaked.
struct KeyBytes {
    private var needles: Set<Data> = []
    private(set) var count = 0

    /// The keys below some folders: `key.pem`, and files whose name ends with it.
    init(below folders: [String]) throws {
        var keys: Set<String> = []
        for path in try folders.flatMap(Self.files) where path.hasSuffix("key.pem") {
            keys.insert(try String(contentsOfFile: path, encoding: .utf8))
        }
        count = keys.count
        for key in keys { try add(key) }
    }

    private mutating func add(_ pem: String) throws {
        let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }
        // The last line may be too short to be unique.
        for line in lines where line.utf8.count >= 16 { needles.insert(Data(line.utf8)) }
        guard let der = Data(base64Encoded: lines.joined()) else { throw LabFailure("A key is not PEM.") }
        needles.insert(der)
        // In PKCS#8 of P-256 the key's number starts at the 37th byte.
        needles.insert(der[36..<68])
        needles.insert(Data(der[36..<68].map { String(format: "%02x", $0) }.joined().utf8))
        // As in Secrets. The start is the same for all keys, and the end is short.
        let encoded = Data(pem.utf8).base64EncodedString()
        needles.insert(Data(encoded.dropFirst(40).prefix(80).utf8))
    }

    func areIn(_ data: Data) -> Bool { needles.contains { data.range(of: $0) != nil } }
    func areIn(_ text: String) -> Bool { areIn(Data(text.utf8)) }

    /// The files with a key below a folder.
    func files(below folder: String) throws -> [String] {
        try Self.files(below: folder).filter { areIn(try Data(contentsOf: URL(filePath: $0))) }
    }

    private static func files(below folder: String) throws -> [String] {
        guard let all = FileManager.default.enumerator(atPath: folder) else {
            throw LabFailure("\(folder) cannot be searched.")
        }
        return all.compactMap { $0 as? String }.map { "\(folder)/\($0)" }.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }
    }
}

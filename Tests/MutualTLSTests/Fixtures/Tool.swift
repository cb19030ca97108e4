import Foundation
import Glibc
import Testing

/// A command that runs to its end.
enum Tool {
    static func run(_ name: String, _ arguments: [String], in folder: String) throws -> (
        status: Int32, output: String
    ) {
        let path = NSTemporaryDirectory() + "/" + UUID().uuidString
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try #require(file >= 0)
        defer {
            close(file)
            unlink(path)
        }
        let status = try Child([name] + arguments, in: folder, output: file).wait()
        return (status, try String(contentsOfFile: path, encoding: .utf8))
    }
}

import Foundation
import Glibc
import Testing

/// A real server on a loopback port, as a child process that ends with its test.
final class LocalServer {
    let port: Int
    private let child: Child
    private let input: Int32
    private let output: Int32

    /// `openssl s_server`, which rejects bad client certificates only with an option.
    /// - Parameter greeting: What it sends to its first client after the handshake.
    static func tls(in scratch: Scratch, _ words: String, greeting: [UInt8] = []) throws -> LocalServer {
        try LocalServer(
            ["openssl", "s_server", "-accept", "127.0.0.1:0"] + words.split(separator: " ").map(String.init),
            in: scratch.path, greeting: greeting)
    }

    /// A listener without TLS; `reaction` is Python code with the connection in `c`.
    static func plain(_ reaction: String) throws -> LocalServer {
        let program = """
            import socket
            s = socket.create_server(("127.0.0.1", 0))
            print("ACCEPT 127.0.0.1:%d" % s.getsockname()[1], flush=True)
            kept = []
            while True:
                c, _ = s.accept()
                kept.append(c)
                \(reaction)
            """
        return try LocalServer(["python3", "-c", program], in: NSTemporaryDirectory(), greeting: [])
    }

    /// Both print `ACCEPT <address>:<port>` once they listen.
    private init(_ command: [String], in folder: String, greeting: [UInt8]) throws {
        var (inputs, outputs): ([Int32], [Int32]) = ([0, 0], [0, 0])
        try #require(pipe(&inputs) == 0 && pipe(&outputs) == 0)
        for end in inputs + outputs { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer {
            close(inputs[0])
            close(outputs[1])
        }
        (input, output) = (inputs[1], outputs[0])
        child = try Child(command, in: folder, input: inputs[0], output: outputs[1])
        if !greeting.isEmpty { _ = write(input, greeting, greeting.count) }
        var text = ""
        var announced: Int?
        while announced == nil {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(output, &buffer, buffer.count)
            try #require(count > 0, "\(command) ended without listening:\n\(text)")
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
            let line = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .first { $0.hasPrefix("ACCEPT ") }
            announced = line?.split(separator: ":").last.flatMap { Int($0) }
        }
        port = try #require(announced)
    }

    deinit {
        child.end()
        close(input)
        close(output)
    }
}

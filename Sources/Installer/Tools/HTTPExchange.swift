import NIOCore
import NIOHTTP1
import NIOPosix

/// One HTTP/1.1 request on a connection of its own, and its response.
struct HTTPExchange: Sendable {
    /// The server's address.
    enum Server: Hashable, Sendable {
        case socket(path: String)
        /// On this machine.
        case port(Int)
    }

    struct Answer: Sendable {
        let status: Int
        let body: String
    }

    enum Method {
        case get, post, put, delete
        /// A PATCH by server-side apply, and one that merges.
        case apply, merge
    }

    /// In bytes. No intended server sends more.
    private static let longestBody = 256 << 20

    let server: Server
    /// The path with its query.
    let path: String
    var method = Method.get
    /// In JSON.
    var body: String?

    /// - Throws: a system error or a protocol error; `CancellationError`.
    func answer() async throws -> Answer {
        var status = 0
        var bytes: [UInt8] = []
        try await receive { number, part in
            status = number
            bytes.append(contentsOf: part)
            guard bytes.count <= Self.longestBody else { throw Failure.tooLong }
        }
        return Answer(status: status, body: String(decoding: bytes, as: UTF8.self))
    }

    /// Passes on the status with the parts of the body as they arrive; the first part is empty.
    /// - Throws: a system error or a protocol error; what the closure throws; `CancellationError`.
    func receive(_ take: (_ status: Int, _ part: ByteBufferView) throws -> Void) async throws {
        let channel = try await open()
        try await channel.executeThenClose { inbound, outbound in
            // At once: a server that answers after the first part and closes would make the next write fail.
            try await outbound.write(contentsOf: parts)
            var status = 0
            for try await part in inbound {
                switch part {
                case .head(let head):
                    status = Int(head.status.code)
                    try take(status, ByteBuffer().readableBytesView)
                case .body(let buffer): try take(status, buffer.readableBytesView)
                case .end: return
                }
            }
            // The stream also ends for a cancelled task.
            try Task.checkCancellation()
            throw Failure.cut
        }
    }

    enum Failure: Error { case tooLong, cut }

    private var parts: [HTTPClientRequestPart] {
        // kubectl proxy only answers requests with a host name of this machine.
        var headers = HTTPHeaders([
            ("Host", "localhost"), ("Accept", "application/json"), ("Connection", "close"),
        ])
        if let body {
            headers.add(name: "Content-Type", value: method.contentType)
            headers.add(name: "Content-Length", value: "\(body.utf8.count)")
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: method.http, uri: path, headers: headers)
        return [.head(head)] + (body.map { [.body(.byteBuffer(ByteBuffer(string: $0)))] } ?? []) + [.end(nil)]
    }

    private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    private func open() async throws -> Connection {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        let set: @Sendable (any Channel) -> EventLoopFuture<Connection> = { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                return try Connection(wrappingChannelSynchronously: channel)
            }
        }
        switch server {
        case .socket(let path):
            return try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: set)
        case .port(let port):
            return try await bootstrap.connect(host: "127.0.0.1", port: port, channelInitializer: set)
        }
    }
}

extension HTTPExchange.Method {
    fileprivate var http: HTTPMethod {
        switch self {
        case .get: .GET
        case .post: .POST
        case .put: .PUT
        case .delete: .DELETE
        case .apply, .merge: .PATCH
        }
    }

    /// JSON is valid YAML.
    /// https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply
    fileprivate var contentType: String {
        switch self {
        case .get, .post, .put, .delete: "application/json"
        case .apply: "application/apply-patch+yaml"
        case .merge: "application/merge-patch+json"
        }
    }
}

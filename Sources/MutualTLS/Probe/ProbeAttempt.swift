import FoundationEssentials
import NIOCore
import NIOPosix
import NIOSSL

/// One connection, and its result.
struct ProbeAttempt {
    let host: String
    let port: Int
    let serverName: String
    let credentials: ProbeCredentials
    let timeout: Duration
    /// Whether it sends a request after the handshake, or only listens.
    var asks = true

    func run() async -> ProbeResult {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let result = await run(on: group)
        // An event loop that does not stop cleanly says nothing about the endpoint.
        try? await group.shutdownGracefully()
        return result
    }

    private func run(on group: MultiThreadedEventLoopGroup) async -> ProbeResult {
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: group)
                .connectTimeout(TimeAmount(timeout))
                // Reading starts only when the handler is in place.
                .channelOption(.autoRead, value: false)
                .connect(host: host, port: port).get()
        } catch {
            return ConnectFailure(error, host: host, port: port).result
        }
        let observation = ServerObservation()
        let report: ProbeHandler.Report
        do {
            report = try await converse(on: channel, observation)
        } catch {
            // A server that closes the connection at once may do so before the handshake starts.
            report = ProbeHandler.Report(ending: .failed(error))
        }
        return verdict(on: report, observation)
    }

    private func converse(
        on channel: any Channel, _ observation: ServerObservation
    ) async throws -> ProbeHandler.Report {
        let end = channel.eventLoop.makePromise(of: ProbeHandler.Report.self)
        do {
            try await channel.eventLoop.submit {
                let tls = try tlsHandler(observation)
                let probe = ProbeHandler(asks: asks, timeout: TimeAmount(timeout), end: end)
                try channel.pipeline.syncOperations.addHandlers([tls, probe])
            }.get()
            try await channel.setOption(.autoRead, value: true).get()
        } catch {
            end.fail(error)
        }
        return try await end.futureResult.get()
    }

    private func tlsHandler(_ observation: ServerObservation) throws -> NIOSSLClientHandler {
        let trust = credentials.trust
        let serverName = serverName
        return try NIOSSLClientHandler(
            context: NIOSSLContext(configuration: credentials.configuration),
            // Server name indication only supports host names (RFC 6066, section 3).
            serverHostname: SubjectName.octets(of: serverName) == nil ? serverName : nil,
            customVerificationCallback: { certificates, promise in
                let isGood = observation.judge(
                    certificates, by: trust, serverName: serverName, now: Date())
                promise.succeed(isGood ? .certificateVerified : .failed)
            })
    }

    private func verdict(on report: ProbeHandler.Report, _ observation: ServerObservation) -> ProbeResult {
        let endpoint = ServedEndpoint(
            host: host, port: port, serverName: serverName, chain: observation.chain,
            tlsVersion: report.tlsVersion, alpn: report.alpn)
        switch observation.doubt {
        case .notTrusted(let reason): return .serverNotTrusted(endpoint, reason: reason)
        case .nameMismatch: return .serverNameMismatch(endpoint)
        case .expired(let date): return .serverExpired(endpoint, ended: date)
        case .notYetValid(let date): return .serverNotYetValid(endpoint, begins: date)
        case nil: break
        }
        switch report.ending {
        case .settings: return .answered(endpoint)
        case .otherBytes: return .notHTTP2(endpoint)
        case .closed: return .closed(report.stage, endpoint)
        case .timedOut: return .timedOut(report.stage, host: host, port: port)
        case .failed(let error):
            return TLSFailure(error).result(
                at: report.stage, endpoint: endpoint, showedIdentity: credentials.hasIdentity)
        }
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

import NIOCore
import NIOPosix

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Why no connection came about, by what the resolver and the system say.
struct ConnectFailure {
    let result: ProbeResult

    init(_ error: any Error, host: String, port: Int) {
        guard let failure = error as? NIOConnectionError else {
            if case .connectTimeout? = error as? ChannelError {
                result = .timedOut(.connecting, host: host, port: port)
            } else {
                result = Self.byCode((error as? IOError)?.errnoCode, error, host, port)
            }
            return
        }
        // Of several addresses, one that answered at all says the most.
        let errors = failure.connectionErrors.map(\.error)
        let codes = errors.map { ($0 as? IOError)?.errnoCode }
        if let last = errors.last {
            let isTimeout = errors.contains {
                guard case .connectTimeout? = $0 as? ChannelError else { return false }
                return true
            }
            if codes.contains(ECONNREFUSED) {
                result = .refused(host: host, port: port)
            } else if isTimeout {
                result = .timedOut(.connecting, host: host, port: port)
            } else {
                result = Self.byCode(codes.last.flatMap { $0 }, last, host, port)
            }
        } else {
            result = .nameNotFound(host: host)
        }
    }

    private static func byCode(_ code: CInt?, _ error: any Error, _ host: String, _ port: Int) -> ProbeResult
    {
        switch code {
        case ECONNREFUSED?: .refused(host: host, port: port)
        case ETIMEDOUT?: .timedOut(.connecting, host: host, port: port)
        case let code?: .unreachable(host: host, port: port, reason: String(cString: strerror(code)))
        case nil: .unreachable(host: host, port: port, reason: "\(error)")
        }
    }
}

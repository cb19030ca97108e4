import NIOCore
import NIOSSL
import NIOTLS

/// Follows one connection to its end: the handshake, our request, and the first answer or an error.
final class ProbeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Ending: Sendable {
        /// The server's SETTINGS, the first frame of every HTTP/2 connection (RFC 9113, section 3.4).
        case settings
        case otherBytes
        case failed(any Error)
        case closed
        case timedOut
    }

    struct Report: Sendable {
        var stage = ProbeStage.handshake
        var tlsVersion: String?
        var alpn: String?
        var ending = Ending.closed
    }

    private let asks: Bool
    private let timeout: TimeAmount
    private let end: EventLoopPromise<Report>
    private var report = Report()
    private var received = ByteBuffer()
    private var timer: Scheduled<Void>?

    init(asks: Bool, timeout: TimeAmount, end: EventLoopPromise<Report>) {
        self.asks = asks
        self.timeout = timeout
        self.end = end
    }

    func handlerAdded(context: ChannelHandlerContext) { startTimer(context) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
            report.stage = .answer
            report.alpn = negotiated
            // It could only fail in a pipeline without TLS.
            report.tlsVersion = (try? context.pipeline.syncOperations.nioSSL_tlsVersion()).flatMap {
                $0?.name
            }
            startTimer(context)
            if asks { context.writeAndFlush(wrapOutboundOut(Self.request), promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        // A frame header has nine octets; the fourth is the type, and 4 is SETTINGS (RFC 9113, section 4.1).
        guard received.readableBytes >= 9 else { return }
        let isSettings = received.getInteger(at: received.readerIndex + 3, as: UInt8.self) == 4
        finish(isSettings ? .settings : .otherBytes, context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { finish(.failed(error), context) }

    func channelInactive(context: ChannelHandlerContext) {
        finish(received.readableBytes > 0 ? .otherBytes : .closed, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { finish(.closed, context) }

    /// Only the first ending counts; later ones are its consequences.
    private func finish(_ ending: Ending, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        report.ending = ending
        end.succeed(report)
        context.close(promise: nil)
    }

    private func startTimer(_ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            self.finish(.timedOut, context)
        }
    }

    /// The client's connection preface and an empty SETTINGS frame.
    private static let request = ByteBuffer(
        bytes: Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0])
}

extension TLSVersion {
    /// The notation of OpenSSL and Envoy's log.
    fileprivate var name: String {
        switch self {
        case .tlsv1: "TLSv1"
        case .tlsv11: "TLSv1.1"
        case .tlsv12: "TLSv1.2"
        case .tlsv13: "TLSv1.3"
        }
    }
}

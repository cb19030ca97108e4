import FoundationEssentials
import NIOSSL
import Synchronization
import X509

/// What a server sent during the handshake, and the reasons to reject it. Written on the event loop, read when the
/// connection has ended.
final class ServerObservation: Sendable {
    enum Doubt {
        case notTrusted(reason: String)
        case nameMismatch
        case expired(Date)
        case notYetValid(Date)
    }

    private let state = Mutex<(chain: [CertificateSummary], doubt: Doubt?)>(([], nil))

    var chain: [CertificateSummary] { state.withLock { $0.chain } }
    var doubt: Doubt? { state.withLock { $0.doubt } }

    /// Verifies the server's certificates as its clients will.
    func judge(
        _ shown: [NIOSSLCertificate], by trust: ChainVerifier, serverName: String, now: Date
    ) -> Bool {
        var certificates: [Certificate] = []
        for certificate in shown {
            guard let bytes = try? certificate.toDERBytes(), let read = try? Certificate(readingDER: bytes)
            else {
                // The reason for the decoding error does not help to fix it.
                note(.notTrusted(reason: "it cannot be decoded"))
                return false
            }
            certificates.append(read)
        }
        guard let leaf = certificates.first else {
            note(.notTrusted(reason: "no certificate was presented"))
            return false
        }
        let summaries = certificates.map { CertificateSummary($0) }
        state.withLock { $0.chain = summaries }
        let doubt = doubt(
            about: leaf, with: Array(certificates.dropFirst()), by: trust, serverName: serverName, now: now)
        note(doubt)
        return doubt == nil
    }

    private func note(_ doubt: Doubt?) {
        state.withLock { $0.doubt = doubt }
    }

    private func doubt(
        about leaf: Certificate, with others: [Certificate], by trust: ChainVerifier, serverName: String,
        now: Date
    ) -> Doubt? {
        switch trust.doubt(about: leaf, with: others, for: .serverAuth, now: now) {
        case .notSigned(let certificate): return .notTrusted(reason: trust.words(unsigned: certificate))
        case .wrongPurpose(let refusal), .refused(let refusal): return .notTrusted(reason: refusal.reason)
        case .expired(let certificate): return .expired(certificate.notValidAfter)
        case .notYetValid(let certificate): return .notYetValid(certificate.notValidBefore)
        case nil:
            let isCovered = CertificateSummary(leaf).names.contains { $0.covers(serverName) }
            return isCovered ? nil : .nameMismatch
        }
    }
}

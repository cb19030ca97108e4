import Foundation
@testable import MutualTLS
import Testing

/// A damaged key is rejected with the reason, and no part of it is repeated.
@Suite struct PEMTests {
    /// Damage by common tools.
    enum Damage: String, CaseIterable {
        case oneLine, escaped, glued, twoInOne, cutOff, withinText, labelOnly

        func applied(to pem: String) -> String {
            let lines = pem.split(separator: "\n").map(String.init)
            switch self {
            case .oneLine: return lines.joined(separator: " ") + "\n"
            case .escaped: return lines.joined(separator: "\\n")
            case .glued: return lines.joined()
            case .twoInOne: return lines.joined() + lines.joined()
            case .cutOff: return lines.dropLast().joined(separator: "\n")
            case .withinText: return "export KEY='\(lines.joined(separator: " "))'\n"
            // The body in the place of the label.
            case .labelOnly: return "-----BEGIN \(lines[1])-----\nAAAA\n-----END \(lines[1])-----\n"
            }
        }
    }

    @Test(arguments: Damage.allCases, KeyAlgorithm.allCases)
    func aDamagedKeyIsRefusedWithoutQuotingIt(_ damage: Damage, _ algorithm: KeyAlgorithm) throws {
        let pem = try SigningKey(algorithm).pem.revealed
        let damaged = PEM(damage.applied(to: pem))
        var told: [String] = [damaged.defect?.words ?? ""]
        let failure = try #require(throws: CredentialsError.self) {
            try damaged.privateKey(called: "key.pem")
        }
        told += [failure.sentence, failure.hint]
        do { _ = try damaged.certificates(called: "cert.pem") } catch {
            told += [error.sentence, error.hint]
        }
        told += damaged.blocks.map(\.label)
        let body = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        for start in stride(from: 0, to: max(1, body.count - 12), by: 4) {
            let piece = String(body.dropFirst(start).prefix(12))
            #expect(!told.contains { $0.contains(piece) }, "\(damage): \(told)")
        }
        if [.oneLine, .escaped, .glued, .twoInOne].contains(damage) {
            #expect(failure.sentence.contains("has no line breaks"), "\(failure.sentence)")
        }
    }

    @Test func whatIsKnownIsNamed() throws {
        let key = try SigningKey(.p256).pem.revealed
        let failure = try #require(throws: CredentialsError.self) {
            try PEM(key).certificates(called: "ca.pem")
        }
        #expect(failure.sentence == "ca.pem contains no certificate but a PRIVATE KEY.")
    }
}

import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

/// Which CAs are trusted is read from the Secret; the directory may have those of another installation.
@Suite struct CertificateDiagnosticsTests {
    private static let now = Date()

    /// - Parameter days: its age.
    private static func authority(_ name: String, days: Double) async throws -> CertificateSummary {
        try await CertificateAuthority.make(
            commonName: name, days: 300, now: now.addingTimeInterval(-days * 86_400)
        ).summary
    }

    private func codes(_ facts: Facts) -> [String] {
        CertificateInventory(facts, now: facts.lookedAt).remarks.map(\.code.rawValue)
    }

    /// - Parameter trusted: nil: the Secret could not be read.
    private func facts(
        current: CertificateSummary?, former: CertificateSummary? = nil, waiting: CertificateSummary? = nil,
        trusted: [CertificateSummary]?, isOurs: Bool = true
    ) -> Facts {
        func status(_ certificate: CertificateSummary?) -> AuthorityStatus? {
            certificate.map { AuthorityStatus(certificate: $0) }
        }
        var facts = Facts.empty
        facts.lookedAt = Self.now
        facts.authorities = .known(
            Facts.Authorities(
                current: status(current), former: status(former), waiting: status(waiting),
                offered: [current, former].compactMap(\.self)))
        facts.secrets =
            trusted.map { trusted in
                let outer = Facts.SecretState(
                    digests: ["crl.pem": "x"], certificates: trusted, isOurs: isOurs)
                return .known(Facts.Secrets(outer: outer, inner: nil, findings: []))
            } ?? .unavailable(InstallerError("no"))
        return facts
    }

    @Test func betweenThePhasesTheOldCAIsTrusted() async throws {
        let (old, new) = (try await Self.authority("a", days: 9), try await Self.authority("b", days: 1))
        #expect(codes(facts(current: new, former: old, trusted: [new, old])) == ["FormerAuthorityTrusted"])
        // Another installation has dropped it from the directory of both.
        #expect(codes(facts(current: new, trusted: [new, old])) == ["FormerAuthorityTrusted"])
        // On a machine without a CA.
        #expect(codes(facts(current: nil, trusted: [new, old])) == ["FormerAuthorityTrusted"])
        // A bundle of another tool is not a rotation.
        #expect(codes(facts(current: new, trusted: [new, old], isOurs: false)) == [])
        #expect(
            codes(facts(current: new, former: old, trusted: [new, old], isOurs: false)) == [
                "FormerAuthorityTrusted"
            ])
    }

    /// A new installation with the CA that an uninstall kept.
    @Test func anOldCAInTheDirectoryAloneIsNotTrusted() async throws {
        let (old, new) = (try await Self.authority("a", days: 9), try await Self.authority("b", days: 1))
        let reinstalled = facts(current: new, former: old, trusted: [new])
        #expect(codes(reinstalled) == [])
        #expect(!reinstalled.trustsTwoAuthorities)
        #expect(reinstalled.formerAuthorityIsUnused)
        // Nor does its end matter.
        var late = reinstalled
        late.lookedAt = Self.now.addingTimeInterval(280 * 86_400)
        let inventory = CertificateInventory(late, now: late.lookedAt)
        #expect(inventory.due(within: 15).isEmpty)
        #expect(inventory.entries(for: .formerAuthority).isEmpty)
    }

    @Test func aSecretThatCouldNotBeReadIsNoAnswer() async throws {
        let (old, new) = (try await Self.authority("a", days: 9), try await Self.authority("b", days: 1))
        let unread = facts(current: new, former: old, trusted: nil)
        let remarks = CertificateInventory(unread, now: unread.lookedAt).remarks
        #expect(remarks.map(\.code) == ["FormerAuthorityUnknown"])
        #expect(remarks.first?.sentence.hasPrefix("It is unknown whether the old CA") == true)
        #expect(codes(facts(current: new, trusted: nil)) == [])
        #expect(!unread.formerAuthorityIsUnused)
    }

    /// The CA of a rotation that another installation has discarded, or that another machine has made.
    @Test func aCAThatIsNewerThanTheSigningOneIsNotTheOldOne() async throws {
        let (old, new) = (try await Self.authority("a", days: 9), try await Self.authority("b", days: 1))
        let discarded = facts(current: old, trusted: [new, old])
        let remarks = CertificateInventory(discarded, now: discarded.lookedAt).remarks
        #expect(remarks.map(\.code) == ["UnknownAuthorityTrusted"])
        #expect(remarks.first?.sentence.contains(new.shortSerial) == true)
        // One that waits in the directory is reported as an interrupted run.
        #expect(codes(facts(current: old, waiting: new, trusted: [new, old])) == [])
    }

    /// Another installation has introduced a CA in the directory of both.
    @Test func aCAThatHasToBeInstalledIsNotTheEndOfARotation() async throws {
        let (old, new) = (try await Self.authority("a", days: 9), try await Self.authority("b", days: 1))
        let other = facts(current: new, former: old, trusted: [old])
        let remarks = CertificateInventory(other, now: other.lookedAt).remarks
        #expect(remarks.map(\.code) == ["AuthorityUntrusted"])
        #expect(
            remarks.first?.hint
                == "Install the certificates in the certificate directory: buildkit-installer install")
        // An install does not drop a CA that the directory lacks.
        let stranger = try await Self.authority("c", days: 5)
        let more = facts(current: new, former: old, trusted: [old, stranger])
        #expect(
            CertificateInventory(more, now: more.lookedAt).remarks.first { $0.code == "AuthorityUntrusted" }?
                .hint
                == "Renew it: buildkit-installer rotate")
        // A rotation that drops a CA changes the files of both.
        #expect(other.trustsTwoAuthorities)
        #expect(!other.formerAuthorityIsUnused)
    }
}

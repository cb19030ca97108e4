import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

/// The CAs of the Secret, of the certificate directory, and the one that signs.
@Suite struct TrustedAuthoritiesTests {
    private static func authority(_ name: String) async throws -> CertificateSummary {
        try await CertificateAuthority.make(commonName: name, days: 30, now: Date()).summary
    }

    /// Every combination: each CA is in the Secret or not, in the directory or not, and signs or not.
    @Test func aCAComesOrGoesOnlyByWhereItIs() async throws {
        let other = try await Self.authority("other")
        let one = try await Self.authority("one")
        for (isInSecret, isInDirectory, signs) in [
            (false, false, false), (false, false, true), (false, true, false), (false, true, true),
            (true, false, false), (true, false, true), (true, true, false), (true, true, true),
        ] {
            let sets = TrustedAuthorities(
                inSecret: [other] + (isInSecret ? [one] : []),
                inDirectory: [other] + (isInDirectory ? [one] : []), signer: signs ? one : other)
            let story: Comment = "\(isInSecret) \(isInDirectory) \(signs)"
            #expect((sets.readmitted == [one]) == (!isInSecret && isInDirectory && !signs), story)
            #expect((sets.droppedFromDirectory == [one]) == (isInSecret && !isInDirectory && !signs), story)
            #expect((sets.dropped == [one]) == (isInSecret && !isInDirectory), story)
            #expect(sets.lost == sets.dropped, story)
            for set in [sets.readmitted, sets.droppedFromDirectory, sets.dropped] {
                #expect(!set.contains(other), story)
            }
        }
    }

    @Test func withoutASecretOrCertificatesNothingWasDropped() async throws {
        let (one, other) = (try await Self.authority("one"), try await Self.authority("other"))
        let first = TrustedAuthorities(inSecret: [], inDirectory: [one, other], signer: one)
        #expect(first.readmitted == [] && first.droppedFromDirectory == [] && first.dropped == [])
        // The certificates are issued by the CA that an uninstall kept, or by a new one.
        let kept = TrustedAuthorities(inSecret: [one, other], inDirectory: [], signer: one)
        #expect(kept.readmitted == [] && kept.droppedFromDirectory == [])
        #expect(kept.installed == [one] && kept.dropped == [other])
        let new = TrustedAuthorities(inSecret: [one], inDirectory: [], signer: nil)
        #expect(new.installed == [] && new.dropped == [one])
    }

    /// The previous CA was dropped by a rotation, and the new one of an interrupted rotation has no client yet.
    @Test func onlyARotationOfTheDirectoryDropsACA() async throws {
        let (new, old) = (try await Self.authority("new"), try await Self.authority("old"))
        func lost(
            _ directory: [CertificateSummary], signer: CertificateSummary, rotated: [CertificateSummary]
        ) -> [CertificateSummary] {
            TrustedAuthorities(
                inSecret: [new, old], inDirectory: directory, signer: signer, rotated: rotated
            ).lost
        }
        // `rotate --finish`, for another installation with the directory.
        #expect(lost([new], signer: new, rotated: [old]) == [])
        // `rotate --renew authority`, interrupted.
        #expect(lost([old], signer: old, rotated: [new]) == [])
        // Another machine has begun a rotation.
        #expect(lost([old], signer: old, rotated: []) == [new])
        // Its directory `authority/` was copied since, and the certificates are those of before; or there are none yet.
        #expect(lost([old], signer: new, rotated: [old]) == [new])
        #expect(lost([], signer: new, rotated: [old]) == [old])
        #expect(lost([new, old], signer: new, rotated: [old]) == [])
    }

    @Test func theTrustedCAsAreNamedBeforeAnInstallChangesThem() async throws {
        let (new, old) = (try await Self.authority("new"), try await Self.authority("old"))
        func plan(_ trusted: [CertificateSummary], offered: [CertificateSummary]) -> Plan {
            var facts = Facts.empty
            facts.folder = .known(Inspection())
            facts.authorities = .known(
                Facts.Authorities(current: AuthorityStatus(certificate: new), offered: offered))
            let state = Facts.SecretState(digests: ["ca.pem": "x"], certificates: trusted, isOurs: true)
            facts.secrets = .known(Facts.Secrets(outer: state, inner: state, findings: []))
            return planned {
                try .install(
                    Answers(), facts, places: InstallerPaths(home: "/home/ada", environment: [:]),
                    home: "/home/ada")
            }
        }
        let loss =
            "The CA \(old.shortSerial) is no longer trusted: clients that only have certificates of it lose access."
        let change = "trusted CAs: \(new.shortSerial), \(old.shortSerial) → \(new.shortSerial)"
        let narrower = plan([new, old], offered: [new])
        #expect(narrower.differences.map(\.description).contains(change))
        #expect(narrower.notes.contains(loss))
        // Another installation has introduced it.
        let wider = plan([old], offered: [new, old])
        #expect(
            wider.differences.map(\.description).contains(
                "trusted CAs: \(old.shortSerial) → \(new.shortSerial), \(old.shortSerial)"))
        #expect(!wider.notes.contains(loss))
        let same = plan([new, old], offered: [old, new])
        #expect(!same.differences.contains { $0.what == "trusted CAs" })
    }
}

extension RotationPlanTests {
    private func retire() async throws {
        let order = CertificateOrder(names: Answers().names, client: "admin")
        try await folder.prepare(
            RenewalOrder(.retire, order, owner: InstallationID.team.record, keepsFormer: true), now: Date())
        try folder.installRenewal()
    }

    /// Both have introduced a CA, and the other one has finished the rotation.
    @Test func aCAThatAnotherInstallationHasDroppedDoesNotComeBack() async throws {
        try await prepare(.introduce)
        try folder.installRenewal()
        let secrets = try await self.facts().secrets
        try await retire()
        var facts = try await facts()
        facts.secrets = secrets
        let old = try #require(facts.authorities.value?.former?.certificate)
        let own = "\(folder.path)/client"
        let other = KnownInstallation(.team, builder: "theirs", certificatesEnd: nil, folder: folder.path)
        facts.clientFolders = .known(Facts.ClientFolders(own: own, sharers: [other]))
        let refused = verdict("authority", facts)
        #expect(refused.word == "failed")
        #expect(refused.evidence.hasPrefix("The proxy trusts the CA \(old.shortSerial), which another"))
        #expect(refused.hint?.contains("buildkit-installer install. To keep it: --take-over") == true)
        #expect(verdict("authority", facts) { $0.takeOver = true }.word == "warning")
        #expect(verdict("authority", facts) { $0.ifDue = 30 }.word == "ok")
        #expect(
            verdict("certificates", facts).hint
                == "Install the certificates in the certificate directory: buildkit-installer install")
        // An install drops only what a rotation of the directory has dropped.
        var forgotten = facts
        var kept = try #require(facts.authorities.value)
        kept.former = nil
        forgotten.authorities = .known(kept)
        let lost = verdict("authority", forgotten)
        #expect(
            lost.evidence
                == "The proxy trusts the CA \(old.shortSerial), which the certificate directory lacks")
        #expect(lost.hint?.hasSuffix(" --take-over. To keep it: --take-over") == true)
        // Dropping it here as well does not write it there first.
        #expect(plan(facts) { ($0.renew, $0.force) = (.finish, true) }.steps.map(\.id) == round)
        // The other one would issue others with a rotation: its CAs differ.
        let command = other.installer("install")
        #expect(plan(facts) { $0.takeOver = true }.notes.contains { $0.hasSuffix(command) })
        // Another machine may have introduced it; nobody else uses the directory.
        facts.clientFolders = .known(Facts.ClientFolders(own: own))
        #expect(verdict("authority", facts).word == "ok")
        #expect(plan(facts).steps.map(\.id) == ["server"] + round)
    }

    /// Interrupted after its Secret was replaced: an install with the certificates in use locks no client out.
    @Test func anInstallDropsTheCAOfItsOwnInterruptedRotation() async throws {
        try await prepare(.introduce)
        var facts = try await facts()
        facts.secrets = .known(try await secrets(of: folder.renewal))
        let new = try #require(facts.authorities.value?.waiting?.certificate)
        #expect(facts.trustedAuthorities.dropped == [new])
        #expect(facts.trustedAuthorities.lost == [])
        try folder.discardRenewal()
        facts.authorities = .known(try certificates.authorities())
        #expect(facts.trustedAuthorities.lost == [new])
    }

    /// Another machine has finished the rotation meanwhile.
    @Test func aRenewalWithACAThatWasDroppedSinceIsNotContinued() async throws {
        try await prepare(.introduce)
        try folder.installRenewal()
        try await prepare(.leaves)
        var facts = try await facts()
        #expect(plan(facts).steps.map(\.id) == ["secret", "uptake", "files"])
        let signer = facts.authorities.value?.current?.certificate
        var secrets = try #require(facts.secrets.value)
        secrets.outer?.certificates.removeAll { $0.role == .authority && $0 != signer }
        facts.secrets = .known(secrets)
        #expect(plan(facts).steps.map(\.id) == round)
    }

    /// Another machine has introduced a CA meanwhile: the prepared files would drop it.
    @Test(arguments: [RenewalOrder.Change.leaves, .introduce])
    func aRenewalWithoutACAThatWasIntroducedSinceIsNotContinued(_ change: RenewalOrder.Change) async throws {
        try await folder.issueClient(ClientOrder(name: "ci"), replacing: nil, now: Date())
        try await prepare(change)
        var facts = try await facts()
        let scope: RotationScope = change == .leaves ? .certificates : .authority
        func steps() -> [Step.ID] { plan(facts) { $0.renew = scope }.steps.map(\.id) }
        #expect(steps() == ["secret", "uptake", "files"])
        let theirs = try await CertificateAuthority.make(commonName: "theirs", days: 30, now: Date()).summary
        var secrets = try #require(facts.secrets.value)
        secrets.outer?.certificates.append(theirs)
        facts.secrets = .known(secrets)
        // In the second case the rotation may first have to be finished.
        #expect(!steps().starts(with: ["secret"]))
    }

    /// `rotate --renew authority` was interrupted between its two rounds; another machine has issued a client or introduced a CA
    /// since.
    @Test func anInterruptedReplacementDropsNoCAThatIsNeededSince() async throws {
        try await prepare(.introduce)
        try folder.installRenewal()
        try await prepare(.retire)
        let facts = try await facts()
        func resumed(_ change: (inout Facts.Secrets) throws -> Void = { _ in }) throws -> Plan {
            var changed = facts
            var secrets = try #require(facts.secrets.value)
            try change(&secrets)
            changed.secrets = .known(secrets)
            return plan(changed) { $0.renew = .authority }
        }
        #expect(try resumed().steps.map(\.id) == ["secret", "uptake", "files"])
        let bob = try resumed {
            $0.outer?.clients = try ClientRegistry(
                json: #"{"issued":[{"name":"bob","serial":"ab","notAfter":4102444800}],"revoked":[]}"#)
        }
        #expect(bob.steps.isEmpty)
        #expect(bob.notes.contains { $0.hasPrefix("The old CA stays trusted: bob") })
        // No client of it is known; the plan names what it drops.
        let theirs = try await CertificateAuthority.make(commonName: "theirs", days: 30, now: Date()).summary
        let introduced = try resumed { $0.outer?.certificates.append(theirs) }
        #expect(introduced.steps.map(\.id) == round)
        #expect(introduced.differences.first?.description.contains(theirs.shortSerial) == true)
    }

    /// Another machine has renewed them since, for example.
    @Test func whatReplacesACAAtOnceIsContinuedOnlyWhileNoClientCanConnect() async throws {
        try await prepare(.replace)
        func steps(_ facts: Facts) -> [Step.ID] { plan(facts) { $0.renew = .authority }.steps.map(\.id) }
        #expect(
            steps(try await facts(at: Date(timeIntervalSinceNow: 3700 * 86_400)))
                == ["secret", "uptake", "files"])
        #expect(steps(try await facts()) == round + round.map { "\($0)-2" })
    }

    /// The previous CA has expired, and clients have certificates of the one that signs.
    @Test func aCAInUseIsNotReplacedBecauseThePreviousOneHasExpired() async throws {
        var facts = try await facts()
        let past = Date(timeIntervalSinceNow: -30 * 86_400)
        let expired = try await CertificateAuthority.make(commonName: "old", days: 10, now: past).summary
        var secrets = try #require(facts.secrets.value)
        secrets.outer?.certificates.append(expired)
        facts.secrets = .known(secrets)
        #expect(plan(facts) { $0.renew = .authority }.title == "Drop the old CA")
    }

    /// Another machine has replaced the CA: this one signs nothing that is accepted.
    @Test func aCAThatTheProxyDoesNotTrustSignsNothing() async throws {
        let theirs = CertificateFolder(path: "\(home.path)/theirs")
        try await theirs.issue(CertificateOrder(names: Answers().names, client: "admin"), now: Date())
        // Prepared before; that, too, would bring back the dropped CA.
        try await prepare(.leaves)
        var facts = try await facts()
        facts.secrets = .known(try await secrets(of: theirs))
        facts.clientFolders = .known(Facts.ClientFolders(own: "\(folder.path)/client"))
        let refused = verdict("authority", facts)
        #expect(refused.word == "failed")
        #expect(refused.evidence.contains("does not trust the CA on this machine"))
        #expect(refused.hint?.hasPrefix("Copy the authority/ directory") == true)
        #expect(refused.hint?.hasSuffix("rotate --renew authority --take-over") == true)
        #expect(verdict("authority", facts) { $0.takeOver = true }.word == "failed")

        // The other machine's clients have the old CA, whatever their names.
        let plan = plan(facts) { ($0.renew, $0.takeOver) = (.authority, true) }
        #expect(plan.steps.map(\.id) == ["server"] + round)
        #expect(plan.notes.contains { $0.hasPrefix("The old CA stays trusted") })
        let cost = verdict("secrets", facts) { ($0.renew, $0.takeOver) = (.authority, true) }
        #expect(cost.word == "warning")
        #expect(cost.evidence.hasSuffix("the CAs in them stay trusted until rotate --finish"))
        let unasked = verdict("secrets", facts) { $0.renew = .authority }
        #expect(unasked.hint?.hasSuffix("the CAs in them stay trusted until rotate --finish") == true)
        #expect(facts.replacedAuthority == "authority")
    }

    @Test func theTrustedCAsAreNamedBeforeARotationChangesThem() async throws {
        func changes(_ facts: Facts, _ scope: RotationScope) -> [String] {
            plan(facts) { ($0.renew, $0.force) = (scope, true) }.differences.map(\.description)
        }
        var facts = try await facts()
        let first = facts.trusted.shortSerials
        #expect(changes(facts, .certificates) == [])
        #expect(changes(facts, .authority) == ["trusted CAs: \(first) → a new CA"])
        try await folder.issueClient(ClientOrder(name: "ci"), replacing: nil, now: Date())
        facts = try await self.facts()
        #expect(changes(facts, .authority) == ["trusted CAs: \(first) → \(first), a new CA"])
        try await prepare(.introduce)
        try folder.installRenewal()
        facts = try await self.facts()
        let signer = try #require(facts.authorities.value?.current?.certificate)
        #expect(
            changes(facts, .finish) == [
                "trusted CAs: \(facts.trusted.shortSerials) → \(signer.shortSerial)"
            ])
    }
}

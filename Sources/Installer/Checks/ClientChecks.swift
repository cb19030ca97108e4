import FoundationEssentials
import MutualTLS

// Checks before clients are changed.

extension Checks {
    static let addClient: [Check] =
        [.authority, .proxyTrustsAuthority, .bundleTarget, .rolesCanBegin] + change(.add)
    static let renewClient: [Check] =
        [.authority, .proxyTrustsAuthority, .bundleTarget, .clientToRenew] + change(.renew)
    static let revokeClient: [Check] =
        [.authority, .proxyTrustsAuthority, .clientToRevoke, .proxyReplacement] + change(.revoke)

    private static func change(_ change: ClientChange) -> [Check] {
        [
            .kubectl, .context, .server,
            .readable { facts, answers throws(PlanRefusal) in _ = try ClientFacts(facts, answers) },
            .proxySecretDeletion, .rolesCanChange(by: change), .clientRights(for: change),
        ]
    }
}

/// The change to a client.
enum ClientChange: Sendable {
    case add, renew, revoke

    /// The list of clients after the change; nil where it does not change.
    func list(_ known: ClientDirectory, _ answers: Answers) -> ClientRoles? {
        switch self {
        case .add: known.list(adding: answers.name, role: answers.role)
        case .renew: answers.role == nil ? nil : known.list(adding: answers.name, role: answers.role)
        case .revoke: answers.serials.isEmpty ? known.list(removing: answers.name) : nil
        }
    }

    /// Whether its plan connects with the client's files, which a revocation may not have on this machine.
    func connects(_ known: ClientDirectory, _ answers: Answers) -> Bool {
        guard answers.verify else { return false }
        return self != .revoke || answers.serials.isEmpty && known.present(answers.name) != nil
    }
}

extension Check {
    static let authority = Check("authority", .tools, "CA key") { facts, _ in
        facts.authorities.verdict { kept in
            guard let current = kept.current else {
                return .failed("No CA key on this machine", hint: bringAuthority)
            }
            guard let trouble = current.trouble else { return .passed(current.certificate.subject) }
            return .failed("The CA on this machine cannot sign: \(trouble)", hint: bringAuthority)
        }
    }

    /// Includes what can be done without the CA key.
    private static let bringAuthority =
        "Copy the authority/ directory from the machine that has it (docs/usage/clients.md), or create a new CA: "
        + "buildkit-installer rotate --renew authority. Without the CA key you can still restrict access through "
        + "the chart's value proxy.clients (install --values)"

    /// Before a certificate is signed for a bundle that cannot be written.
    static let bundleTarget = Check("bundle", .tools, "client bundle path") { facts, answers in
        guard !answers.bundle.isEmpty else { return .skipped("no client bundle is written") }
        return facts.bundleTrouble.verdict { trouble in
            trouble.map { .failed($0.sentence, hint: $0.hint ?? "") } ?? .passed(answers.bundle)
        }
    }

    static let proxyTrustsAuthority = Check(
        "proxy-trusts-authority", .namespace, "CA trusted by the proxy"
    ) { facts, answers in
        facts.verdict(on: facts.secrets) { secrets in
            let name = CertificateLayout.secretNames.outer
            guard let outer = secrets.outer else {
                return .failed(
                    "Secret \(name) not found in namespace \(answers.namespace)",
                    hint: "Specify the installation: --namespace, --release, --context; or install first")
            }
            guard case .known(let kept) = facts.authorities, let authority = kept.current?.certificate else {
                return .skipped("no CA key on this machine")
            }
            // A rotation that was interrupted after the proxy had received its certificates: the new CA is in the
            // pending renewal.
            if case .known(let renewal?) = facts.renewal,
                let new = renewal.inspection.certificates.filter({ $0.role == .authority })
                    .first(where: outer.certificates.contains)
            {
                return .passed("\(name) contains \(new.shortSerial), created by an interrupted rotation")
            }
            return outer.certificates.contains { $0.fingerprint == authority.fingerprint }
                ? .passed("contained in \(name)")
                : .failed(
                    "The Secret \(name) contains a different CA than the one on this machine",
                    hint:
                        "Specify its directory: --certs DIR, or copy authority/ from the machine that installed it"
                )
        }
    }

    static let rolesCanBegin = Check("roles-can-begin", .tools, "names in client certificates") {
        facts, answers in
        let known = ClientDirectory(facts)
        guard known.list?.isEmpty == true, answers.role != nil, let own = known.own, own.identityName == nil
        else { return .passed("every client certificate has a distinct name") }
        return .failed(
            "The certificate of this machine, \(own.clientName), has no name usable for roles; enabling roles would "
                + "deny its access",
            hint: "Issue a new certificate for this machine: buildkit-installer rotate")
    }

    static let clientToRenew = Check("client", .tools, "client") { facts, answers in
        facts.issued.verdict { _ in
            let known = ClientDirectory(facts)
            guard let present = known.present(answers.name) else {
                if let failure = facts.clients.failure ?? facts.folder.failure { return .failed(failure) }
                return .failed(
                    "No certificate files for client \(answers.name) on this machine",
                    hint: "List clients: buildkit-installer client list. "
                        + "Add a client: buildkit-installer client add \(answers.name)")
            }
            return known.revoked.contains(present.serial)
                ? .failed(
                    "Client \(answers.name) is revoked",
                    hint: "To grant access again: buildkit-installer client add \(answers.name)")
                : .passed(present.end(at: facts.lookedAt))
        }
    }

    static let clientToRevoke = Check("client", .tools, "client") { facts, answers in
        facts.issued.verdict { _ in
            let known = ClientDirectory(facts)
            guard known.proxyLooksAtRevocations || known.list?[answers.name] != nil else {
                return .failed(
                    "The proxy does not check revocations (proxy.certificates.revocations is false)",
                    hint:
                        "Enable them: buildkit-installer chart ./buildkit && helm upgrade \(answers.release) "
                        + "./buildkit --reuse-values --set proxy.certificates.revocations=true "
                        + "--namespace \(answers.namespace)"
                )
            }
            if case .known(let kept) = facts.authorities, let former = kept.former,
                let trouble = former.trouble,
                known.mayBeSigned(by: former.certificate, answers)
            {
                let what =
                    facts.trusts(former.certificate) == false
                    ? "The revocation list of the old CA in the certificate directory cannot be updated"
                    : "The old CA is still trusted, and its revocation list cannot be updated"
                return .failed(
                    "\(what): \(trouble)",
                    hint:
                        "Copy authority/former/ from the machine that has it, or stop trusting the old CA: "
                        + "buildkit-installer rotate --finish --force")
            }
            if let stranger = facts.strangeAuthorities.first(where: { known.mayBeSigned(by: $0, answers) }) {
                return .failed(
                    "The proxy trusts a CA whose key is not on this machine (\(stranger.shortSerial)), and this CA "
                        + "may have signed \(answers.name.isEmpty ? "the" : "a") certificate of "
                        + "\(answers.name.isEmpty ? "that serial" : answers.name)",
                    hint:
                        "Copy the authority/ directory from the machine that rotated it, or revoke it there")
            }
            guard answers.serials.isEmpty else { return .passed(answers.serials.joined(separator: ", ")) }
            guard !answers.name.isEmpty else {
                return .failed(
                    "Missing client name", hint: "Specify a client, or certificates: --serial SERIAL")
            }
            if known.own?.clientName == answers.name {
                return .failed(
                    "This machine uses the client \(answers.name): its builder would lose access",
                    hint:
                        "Run this on another client's machine. To revoke one of several certificates: --serial SERIAL"
                )
            }
            guard known.knows(answers.name) || known.list?[answers.name] != nil else {
                if let unread = facts.unreadClients(answers) { return unread }
                return .failed(
                    "Unknown client \(answers.name)",
                    hint: "List clients: buildkit-installer client list. "
                        + "For a certificate issued on another machine: --serial SERIAL")
            }
            if known.list(removing: answers.name)?.isEmpty == true {
                return .failed(
                    "\(answers.name) is the only listed client; removing it would allow every "
                        + "certificate signed by the CA",
                    hint: "Add another first: buildkit-installer client add NAME --role admin")
            }
            return .passed("known")
        }
    }

    static func rolesCanChange(by change: ClientChange) -> Check {
        Check("roles", .namespace, "client roles") { facts, answers in
            facts.verdictByHelm(on: facts.release) { release in
                guard change.list(ClientDirectory(facts), answers) != nil else {
                    return .passed("unchanged")
                }
                guard let release else {
                    return .failed(
                        "Release \(answers.release) not found in namespace \(answers.namespace)",
                        hint: "Specify it: --release NAME; if the chart is not installed with Helm, change "
                            + "proxy.clients there")
                }
                guard release.isOurs else {
                    return .failed(
                        "The release \(answers.release) belongs to another chart: \(release.chart)",
                        hint: "Specify the release of buildkit-installer: --release NAME")
                }
                guard release.status == "deployed" else {
                    return .failed(
                        "The release \(answers.release) has status \(release.status)",
                        hint: "Fix it first: buildkit-installer install")
                }
                guard release.chart == Chart.label else {
                    return .failed(
                        "The release uses \(release.chart), but this buildkit-installer contains \(Chart.label)",
                        hint: "Upgrade it first (may restart BuildKit): buildkit-installer install")
                }
                return .passed("\(release.chart), revision \(release.revision)")
            }
        }
    }

    /// Only pods of a Deployment with Helm's marks are deleted, and without a record of Helm there is none.
    static var proxyReplacement: Check {
        var check = Check("proxy-replacement", .namespace, "replacement of the proxy pods") {
            facts, answers in
            guard answers.now else { return .skipped("--now is not specified") }
            // Where nothing is installed, another check reports it.
            guard facts.secrets.certainly({ $0.outer != nil }) else {
                return .skipped("the proxy has no Secret")
            }
            return facts.verdictByHelm(
                on: facts.release, otherwise: { _ in .skipped("the release cannot be read") }
            ) { release in
                guard release?.isOurs != true else { return .passed("the Deployment is created by Helm") }
                let kubectl = answers.installation(facts).kubectl
                return .failed(
                    "--now only deletes pods of a Deployment that Helm has created, and Helm has no release "
                        + "\(answers.release) of this chart in namespace \(answers.namespace)",
                    hint: "Revoke without --now, then replace the proxy pods: "
                        + "\(kubectl.restart(deployment: answers.proxyDeployment))")
            }
        }
        check.isQuiet = true
        return check
    }

    static func clientRights(for change: ClientChange) -> Check {
        Check("rights", .namespace, "permissions") { facts, answers in
            facts.verdict(on: facts.missingRights, otherwise: { .warning($0) }) { missing in
                let known = ClientDirectory(facts)
                let needed = Facts.Right.needed(
                    toChangeClient: answers, changesRoles: change.list(known, answers) != nil,
                    endsBuilds: change == .revoke && answers.now,
                    connects: change.connects(known, answers))
                return .permissions(lacking: missing.filter(needed.contains), answers)
            }
        }
    }
}

extension ClientDirectory {
    /// Whether one of the certificates to revoke was signed by that CA, or its issuer is unknown.
    fileprivate func mayBeSigned(by authority: CertificateSummary, _ answers: Answers) -> Bool {
        guard !answers.serials.isEmpty else {
            return certificates(of: answers.name).contains { $0.isSigned(by: authority) }
                || isRegistered(answers.name, by: authority)
        }
        return answers.serials.contains { serial in
            certificates.first { $0.serial == serial }.map { $0.isSigned(by: authority) } ?? true
        }
    }
}

extension Facts {
    /// The verdict on a client that is not known where some clients could not be read; nil: all were read. Another machine may have
    /// registered it in the Secret, or the release may list it.
    fileprivate func unreadClients(_ answers: Answers) -> CheckOutcome? {
        let failure = server.failure ?? secrets.failure ?? release.failure
        guard let failure else { return secrets.isPending || release.isPending ? .pending : nil }
        let place =
            server.failure == nil && secrets.failure == nil
            ? "the clients of the release \(answers.release)"
            : "the clients in the Secret \(CertificateLayout.secretNames.outer)"
        return .failed(
            "Client \(answers.name) is not known on this machine, and \(place) could not be read: \(failure.sentence)",
            hint: failure.hint)
    }
}

extension CertificateSummary {
    /// "expires on 2027-11-28", "expired on 2026-11-28"
    func end(at now: Date) -> String { "\(notAfter < now ? "expired" : "expires") on \(notAfter.day)" }
}

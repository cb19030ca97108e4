import MutualTLS

// What is looked at before clients are changed.

extension Checks {
    static let addClient: [Check] = [.authority, .proxyTrustsAuthority, .rolesCanBegin] + change(.add)
    static let renewClient: [Check] = [.authority, .proxyTrustsAuthority, .clientToRenew] + change(.renew)
    static let revokeClient: [Check] = [.authority, .proxyTrustsAuthority, .clientToRevoke] + change(.revoke)

    private static func change(_ change: ClientChange) -> [Check] {
        [
            .kubectl, .context, .server,
            .readable { facts, answers throws(PlanRefusal) in _ = try ClientFacts(facts, answers) },
            .rolesCanChange(by: change), .clientRights(for: change),
        ]
    }
}

/// What becomes of a client.
enum ClientChange: Sendable {
    case add, renew, revoke

    /// The list of clients that comes of it; nil where it stays as it is.
    func list(_ known: ClientDirectory, _ answers: Answers) -> ClientRoles? {
        switch self {
        case .add: known.list(adding: answers.name, role: answers.role)
        case .renew: answers.role == nil ? nil : known.list(adding: answers.name, role: answers.role)
        case .revoke: answers.serials.isEmpty ? known.list(removing: answers.name) : nil
        }
    }
}

extension Check {
    static let authority = Check("authority", .tools, "CA key") { facts, _ in
        facts.authorities.verdict { kept in
            guard let current = kept.current else {
                return .failed("No authority is kept on this machine", hint: bringAuthority)
            }
            guard let trouble = current.trouble else { return .passed(current.certificate.subject) }
            return .failed("Nothing can be signed with the authority here: \(trouble)", hint: bringAuthority)
        }
    }

    /// What can be done without a key, too.
    private static let bringAuthority =
        "Copy the folder authority/ here from the machine that has it (README, Clients), or make a new one: "
        + "buildkit-installer rotate --renew authority. Without a key, roles still decide: helm upgrade with "
        + "proxy.clients lets in only whom it lists"

    static let proxyTrustsAuthority = Check(
        "proxy-trusts-authority", .namespace, "CA trusted by the proxy"
    ) { facts, answers in
        facts.verdict(on: facts.secrets) { secrets in
            let name = CertificateLayout.secretNames.outer
            guard let outer = secrets.outer else {
                return .failed(
                    "There is no Secret \(name) in \(answers.namespace)",
                    hint: "Name the installation: --namespace, --release, --context; or install it first")
            }
            guard case .known(let kept) = facts.authorities, let authority = kept.current?.certificate else {
                return .skipped("no authority is kept here")
            }
            // A rotation that was cut short after the proxy had its part: its authority is here, too.
            if case .known(let renewal?) = facts.renewal,
                let new = renewal.inspection.certificates.filter({ $0.role == .authority })
                    .first(where: outer.certificates.contains)
            {
                return .passed("\(name) holds \(new.shortSerial), which an interrupted rotation has made")
            }
            return outer.certificates.contains { $0.fingerprint == authority.fingerprint }
                ? .passed("it is in \(name)")
                : .failed(
                    "The Secret \(name) holds another authority than the one that is kept here",
                    hint:
                        "Name its folder: --certs FOLDER, or copy authority/ from the machine that installed it"
                )
        }
    }

    static let rolesCanBegin = Check("roles-can-begin", .tools, "names in client certificates") {
        facts, answers in
        let known = ClientDirectory(facts)
        guard known.list?.isEmpty == true, answers.role != nil, let own = known.own, own.identityName == nil
        else { return .passed("each has a name of its own") }
        return .failed(
            "The certificate of this machine, \(own.clientName), has no name that roles could go by, so they would "
                + "lock it out",
            hint: "Give this machine a certificate that was issued here: buildkit-installer rotate")
    }

    static let clientToRenew = Check("client", .tools, "client") { facts, answers in
        facts.issued.verdict { _ in
            let known = ClientDirectory(facts)
            guard let present = known.present(answers.name) else {
                return .failed(
                    "There are no files of \(answers.name) here",
                    hint: "See who there is: buildkit-installer client list. "
                        + "A new client: buildkit-installer client add \(answers.name)")
            }
            return known.revoked.contains(present.serial)
                ? .failed(
                    "\(answers.name) has been revoked",
                    hint: "To let it in again: buildkit-installer client add \(answers.name)")
                : .passed("\(present.daysLeftInWords)")
        }
    }

    static let clientToRevoke = Check("client", .tools, "client") { facts, answers in
        facts.issued.verdict { _ in
            let known = ClientDirectory(facts)
            guard known.proxyLooksAtRevocations || known.list?[answers.name] != nil else {
                return .failed(
                    "The proxy does not look at revocations (proxy.certificates.revocations)",
                    hint:
                        "Have it do so: helm upgrade --reuse-values --set proxy.certificates.revocations=true"
                )
            }
            if case .known(let kept) = facts.authorities, let former = kept.former,
                let trouble = former.trouble,
                known.mayBeSigned(by: former.certificate, answers)
            {
                return .failed(
                    "The former authority is still trusted, and its list cannot go on: \(trouble)",
                    hint:
                        "Copy authority/former/ from the machine that has it, or trust the former authority no "
                        + "longer: buildkit-installer rotate --finish --force")
            }
            if let stranger = facts.strangeAuthorities.first(where: { known.mayBeSigned(by: $0, answers) }) {
                return .failed(
                    "The proxy trusts an authority that is not kept here (\(stranger.shortSerial)), and a certificate "
                        + "of \(answers.name.isEmpty ? "that serial" : answers.name) is or may be signed by it",
                    hint:
                        "Copy the folder authority/ from the machine that has rotated it, or revoke it there")
            }
            guard answers.serials.isEmpty else { return .passed(answers.serials.joined(separator: ", ")) }
            guard !answers.name.isEmpty else {
                return .failed("Nobody is named", hint: "Name a client, or certificates: --serial SERIAL")
            }
            if known.own?.clientName == answers.name {
                return .failed(
                    "\(answers.name) is the client of this machine: its builder would be locked out",
                    hint: "Do it from another client's machine. One certificate of several: --serial SERIAL")
            }
            guard known.knows(answers.name) || known.list?[answers.name] != nil else {
                return .failed(
                    "No client \(answers.name) is known here",
                    hint: "See who there is: buildkit-installer client list. "
                        + "A certificate from elsewhere: --serial SERIAL")
            }
            if known.list(removing: answers.name)?.isEmpty == true {
                return .failed(
                    "\(answers.name) is the only client on the list, and an empty list lets in whoever is signed",
                    hint: "Add another first: buildkit-installer client add NAME --role admin")
            }
            return .passed("it is known")
        }
    }

    static func rolesCanChange(by change: ClientChange) -> Check {
        Check("roles", .namespace, "client roles") { facts, answers in
            facts.verdictByHelm(on: facts.release) { release in
                guard change.list(ClientDirectory(facts), answers) != nil else {
                    return .passed("it stays as it is")
                }
                guard let release else {
                    return .failed(
                        "There is no release \(answers.release) in \(answers.namespace) to change it in",
                        hint: "Name it: --release NAME; where the chart is installed in another way, change "
                            + "proxy.clients there")
                }
                guard release.status == "deployed" else {
                    return .failed(
                        "The release \(answers.release) is \(release.status)",
                        hint: "Mend it first: buildkit-installer install")
                }
                guard release.chart == Chart.label else {
                    return .failed(
                        "The release has \(release.chart), and this program has \(Chart.label)",
                        hint: "Upgrade it first, which may restart BuildKit: buildkit-installer install")
                }
                return .passed("\(release.chart), revision \(release.revision)")
            }
        }
    }

    static func clientRights(for change: ClientChange) -> Check {
        Check("rights", .namespace, "permissions") { facts, answers in
            facts.verdict(on: facts.missingRights, otherwise: { .warning($0) }) { missing in
                let missing = missing.filter { right in
                    if change.list(ClientDirectory(facts), answers) != nil { return right.inNamespace }
                    guard right.resource == "secrets" else { return false }
                    return ["get", "patch"].contains(right.verb)
                }
                guard !missing.isEmpty else { return .passed("all of it") }
                return .failed(
                    "You may not \(missing.inWords) in \(answers.namespace)", hint: answers.hint(for: missing)
                )
            }
        }
    }
}

extension ClientDirectory {
    /// Whether one of the certificates that are to be revoked is that authority's, or nobody knows whose it is.
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

extension CertificateSummary {
    fileprivate var daysLeftInWords: String { "until \(notAfter.day)" }
}

import Foundation
@testable import Installer
import LabSupport
@testable import MutualTLS
import Testing

/// An operation on an installation.
enum RevocationVerb: Hashable, Sendable, CustomStringConvertible {
    case install, rotate, authority, finish, uninstall
    case add(String), renew(String), revoke(String)

    var description: String {
        switch self {
        case .install: "install"
        case .rotate: "rotate"
        case .authority: "rotate --renew authority"
        case .finish: "rotate --finish"
        case .uninstall: "uninstall"
        case .add(let name): "add \(name)"
        case .renew(let name): "renew \(name)"
        case .revoke(let name): "revoke \(name)"
        }
    }

    fileprivate var answers: Answers {
        var answers = Answers()
        answers.verify = false
        switch self {
        case .install, .uninstall: break
        case .rotate: answers.renew = .certificates
        case .authority: answers.renew = .authority
        case .finish: (answers.renew, answers.force) = (.finish, true)
        case .add(let name), .renew(let name), .revoke(let name): answers.name = name
        }
        return answers
    }

    fileprivate var checks: [Check] {
        switch self {
        case .install, .uninstall: []
        case .rotate, .authority, .finish: Checks.rotate
        case .add: Checks.addClient
        case .renew: Checks.renewClient
        case .revoke: Checks.revokeClient
        }
    }
}

/// One machine, with the files of an installation in the cluster.
struct RevocationMachine: Sendable {
    let cluster: SecretCluster
    let home: String
    private let dependencies: Dependencies
    private let certificates: CertificateLayout

    var folder: CertificateFolder { certificates.outer }

    init(at home: String, _ cluster: SecretCluster) {
        self.cluster = cluster
        self.home = home
        dependencies = Dependencies(runner: cluster, environment: [:], home: home)
        certificates = CertificateLayout(
            Answers(), installation: Answers().installation, places: dependencies.places, home: home)
    }

    /// Plans and performs an operation, as far as possible.
    /// - Returns: whether all of it was done; false where a check prevents it.
    @discardableResult
    func `do`(_ verb: RevocationVerb) async throws -> Bool {
        guard let plan = try await plan(verb) else { return false }
        try await perform(plan, plan.steps.indices)
        return true
    }

    /// The plan of an operation, limited to certificates and Secrets; nil where a check prevents it.
    func plan(_ verb: RevocationVerb) async throws -> Plan? {
        let facts = try await facts()
        let answers = verb.answers
        let decisive = ["authority", "proxy-trusts-authority", "client", "secrets"]
        let isRefused = verb.checks.filter { decisive.contains($0.id) }.contains {
            if case .failed = $0.verdict(facts, answers) { true } else { false }
        }
        // A machine with other files than the cluster is rejected by the proof of ownership.
        let isStranger =
            verb == .install && facts.secrets.value?.outer != nil
            && facts.authorities.value?.current.map { facts.trusted.contains($0.certificate) } != true
        guard !isRefused, !isStranger else { return nil }
        var plan = try made(verb, answers, facts)
        plan.steps = plan.steps.filter(\.action.isModelled)
        return plan
    }

    private func made(_ verb: RevocationVerb, _ answers: Answers, _ facts: Facts) throws -> Plan {
        let (places, home) = (dependencies.places, home)
        return switch verb {
        case .install: try .install(answers, facts, places: places, home: home)
        case .uninstall: try .uninstall(answers, facts, places: places)
        case .rotate, .authority, .finish: try .rotate(answers, facts, places: places, home: home)
        case .add: try .addClient(answers, facts, places: places, home: home)
        case .renew: try .renewClient(answers, facts, places: places, home: home)
        case .revoke: try .revokeClient(answers, facts, places: places, home: home)
        }
    }

    func perform(_ plan: Plan, _ range: Range<Int>) async throws {
        let context = ActionContext(
            dependencies: dependencies, plan: plan,
            recorder: RunRecorder(plan, dependencies: dependencies) { _ in })
        for step in plan.steps[range] { try await step.action.perform(in: context.at(step)) }
    }

    private func facts() async throws -> Facts {
        var facts = Facts.empty
        facts.lookedAt = Date()
        facts.contexts = .known(Facts.Contexts(names: [], current: ""))
        facts.namespace = .known(Facts.NamespaceState(exists: true, isTerminating: false, labels: [:]))
        facts.authorities = .known(try certificates.authorities())
        facts.clients = .known(try await certificates.clients(in: dependencies))
        facts.issued = .known(try folder.issuedCertificates())
        facts.folder = .known(await certificates.inspection(in: dependencies))
        facts.renewal = .known(try await certificates.pendingRenewal(in: dependencies))
        facts.files = .known(certificates.digests)
        facts.localState = .known(try certificates.localState(dependencies.places, beside: []))
        facts.secrets = .known(try await certificates.secrets(in: dependencies))
        facts.sightings = .known([:])
        facts.activity = .known(BuildActivity(running: 0, held: 0))
        facts.missingRights = .known([])
        facts.release = .known(
            Facts.Release(
                status: "deployed", revision: 1, chart: Chart.label,
                values: ["proxy": ["certificates": ["revocations": true]]]))
        return facts
    }
}

extension Action {
    /// Whether it concerns certificates or Secrets, and not the proxy, which does not exist here.
    fileprivate var isModelled: Bool {
        switch self {
        case .issueCertificates, .issueInner, .applySecret, .prepareRenewal, .installRenewal,
            .removeFormerAuthority, .saveServer, .saveRevocations, .issueClient, .revoke, .removeCertificates:
            true
        default: false
        }
    }
}

/// Two machines that share an installation with the clients alice and bob.
struct RevocationScene: Sendable {
    let folder: RevocationFolder
    let cluster: SecretCluster
    let first: RevocationMachine
    let second: RevocationMachine

    private static let begun = [false, true].map { onlyAuthority in
        Task { try await making(onlyAuthority: onlyAuthority) }
    }

    /// - Parameter onlyAuthority: whether the second machine has only the folder `authority/`.
    static func begin(onlyAuthority: Bool = false) async throws -> RevocationScene {
        try await begun[onlyAuthority ? 1 : 0].value.copied()
    }

    private static func making(onlyAuthority: Bool) async throws -> RevocationScene {
        let folder = try RevocationFolder()
        let cluster = SecretCluster()
        let first = RevocationMachine(at: "\(folder.path)/a", cluster)
        try FileManager.default.createDirectory(atPath: first.home, withIntermediateDirectories: true)
        for verb in [RevocationVerb.install, .add("alice"), .add("bob")] { try await first.do(verb) }
        let second = RevocationMachine(at: "\(folder.path)/b", cluster)
        if onlyAuthority {
            try FileManager.default.createDirectory(
                atPath: second.folder.path, withIntermediateDirectories: true)
            for part in ["authority", "inner"] {
                try FileManager.default.copyItem(
                    atPath: "\(first.folder.path)/\(part)", toPath: "\(second.folder.path)/\(part)")
            }
        } else {
            try FileManager.default.copyItem(atPath: first.home, toPath: second.home)
        }
        return RevocationScene(folder: folder, cluster: cluster, first: first, second: second)
    }

    /// A copy of the scene, for another order of operations.
    func copied() throws -> RevocationScene {
        let folder = try RevocationFolder()
        for name in ["a", "b"] {
            try FileManager.default.copyItem(
                atPath: "\(self.folder.path)/\(name)", toPath: "\(folder.path)/\(name)")
        }
        let cluster = SecretCluster(self.cluster.content)
        return RevocationScene(
            folder: folder, cluster: cluster, first: RevocationMachine(at: "\(folder.path)/a", cluster),
            second: RevocationMachine(at: "\(folder.path)/b", cluster))
    }

    /// Verifies every certificate with openssl against the CAs and lists of the cluster.
    /// - Returns: the violations; empty where revoked clients are rejected and all others are accepted.
    func violations(revoked: Set<String>) async throws -> [String] {
        guard let authorities = cluster.text("ca.pem", of: "buildkit-envoy-certs"),
            let lists = cluster.text("crl.pem", of: "buildkit-envoy-certs")
        else { return ["The Secret has no lists."] }
        let both = "\(folder.path)/both.pem"
        try Data((authorities + lists).utf8).write(to: URL(filePath: both))
        var files: [String: Bool] = [:]
        for machine in [first, second] {
            for file in try certificates(below: machine.folder.path) {
                guard
                    let summary = try? CertificateSummary(
                        pem: String(contentsOf: URL(filePath: file), encoding: .utf8), role: .client)
                else { continue }
                if revoked.contains(summary.clientName) {
                    files[file] = false
                } else if file.hasSuffix("/cert.pem"), !file.contains("renewal"),
                    try machine.isTrusted(by: authorities)
                {
                    files[file] = true
                }
            }
        }
        guard !files.isEmpty else { return [] }
        let outcome = try await Program("/usr/bin/openssl").run(
            ["verify", "-crl_check", "-CAfile", both] + files.keys.sorted())
        let accepted = Set(
            outcome.output.split(separator: "\n").filter { $0.hasSuffix(": OK") }
                .map { String($0.dropLast(4)) })
        return files.filter { accepted.contains($0.key) != $0.value }.map {
            "\($0.key.replacing(folder.path, with: "")) is \($0.value ? "refused" : "accepted")"
                + ($0.value ? ": \(outcome.errors.suffix(300))" : "")
        }
    }

    private func certificates(below folder: String) throws -> [String] {
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return files.filter { file in
            guard file.hasSuffix(".pem"), !file.hasSuffix("key.pem"), !file.hasSuffix("crl.pem") else {
                return false
            }
            return ["client/", "clients/", "authority/issued/"].contains { file.contains($0) }
                && !file.hasSuffix("ca.pem")
        }.map { "\(folder)/\($0)" }
    }
}

extension RevocationMachine {
    /// Whether the proxy trusts the signing CA of this machine.
    func isTrusted(by authorities: String) throws -> Bool {
        guard let own = try folder.authority()?.certificate else { return false }
        return authorities.contains(own.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

/// A folder in memory where there is enough of it: these tests write a lot.
final class RevocationFolder: Sendable {
    let path: String

    /// A container usually has 64 MB, in which the scenes of all tests do not fit.
    private static let isInMemory: Bool = {
        var status = statvfs()
        return access("/dev/shm", W_OK) == 0 && statvfs("/dev/shm", &status) == 0
            && UInt64(status.f_bavail) * UInt64(status.f_frsize) > 512 << 20
    }()

    init() throws {
        let root = Self.isInMemory ? "/dev/shm" : NSTemporaryDirectory()
        path = "\(root)/revocation-\(UUID().uuidString.lowercased())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

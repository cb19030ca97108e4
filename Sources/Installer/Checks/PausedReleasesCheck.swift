import MutualTLS

// A Deployment whose rollout is paused keeps its pods. An upgrade does not reach them: Helm waits in vain, or reports success. And
// it cannot be restarted, which would roll everything back where the Secret of the internal certificates is replaced: then BuildKit
// of every release of the namespace is restarted.

extension Check {
    /// For a rotation.
    static let pausedReleases = check(restarting: { $0.renewsInnerSecret($1) })

    /// For an install.
    static let pausedReleasesForInstall = check(
        restarting: { $0.replacesInnerSecret($1) }, upgrading: { $0.upgradesRelease })

    /// Only reported where one is paused. Deployments that could not be read are reported by another check, where the plan
    /// depends on them.
    private static func check(
        restarting restarts: @escaping @Sendable (Facts, Answers) -> Bool,
        upgrading upgrades: @escaping @Sendable (Facts) -> Bool = { _ in false }
    ) -> Check {
        var check = Check("paused-releases", .namespace, "rollouts of the release") { facts, answers in
            let restarted = restarts(facts, answers) ? facts.pausedBackends : []
            let upgraded = upgrades(facts) ? facts.pausedDeployments : []
            let names = restarted.map(\.name)
            let deployments = (names + upgraded.filter { !names.contains($0) }).map { "deployment/\($0)" }
            guard !deployments.isEmpty else { return .passed("none is paused") }
            let others = restarted.map(\.release).filter { $0 != answers.release }
            let start = others.isEmpty ? "The" : "The \(others.releasesUse) the same Secrets, and the"
            let effect =
                upgraded.isEmpty
                ? "it cannot restart with new certificates" : "an upgrade would not replace its pods"
            let resume = answers.installation.kubectl.command(["rollout", "resume"] + deployments)
            return .failed(
                "\(start) rollout of \(deployments.inWords) is paused: \(effect)",
                hint: "Resume it: \(resume)")
        }
        check.isQuiet = true
        return check
    }
}

extension Facts {
    /// Whether a rotation replaces the Secret of the internal certificates. An interrupted one is resumed whatever is asked
    /// for.
    func renewsInnerSecret(_ answers: Answers) -> Bool {
        answers.renew == .inner || ownRenewal(answers)?.order.change == .inner
    }

    /// Whether an install replaces that Secret, as far as it is known: it exists, and this machine has other files.
    fileprivate func replacesInnerSecret(_ answers: Answers) -> Bool {
        guard case .known(let secrets) = secrets, let inner = secrets.inner, case .known(let folder) = folder,
            case .known(let files) = files, case .known(let folders) = clientFolders,
            answers.adopting(secrets, folder: folder).certificates != .secrets
        else { return false }
        let place = CertificateFolder(path: folders.inner)
        let isKept = secrets.keepInner(
            secretsOwnership, answers, hasFolder: folder != nil, issuedIn: place, files: files)
        let isUnchanged = CertificateLayout.innerFiles(in: place).allSatisfy {
            files[$1] != nil && files[$1] == inner.digests[$0]
        }
        return !isKept && !isUnchanged
    }

    /// Whether an install changes the release, as far as it is known: the admission was asked about its objects.
    fileprivate var upgradesRelease: Bool { admission.certainly { $0 != .ofNothing } }

    fileprivate var pausedBackends: [BackendDeployment] {
        guard case .known(let backends) = backends else { return [] }
        return backends.filter { $0.isPaused && $0.isRestarted }
    }

    fileprivate var pausedDeployments: [String] {
        guard case .known(let names) = pausedRollouts else { return [] }
        return names
    }
}

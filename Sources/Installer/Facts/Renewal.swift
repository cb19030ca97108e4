import MutualTLS

extension Facts {
    /// New certificates of a rotation that was interrupted.
    public struct Renewal: Equatable, Sendable {
        public var order: RenewalOrder
        /// Whether the proxy's certificates are still to be put in place.
        public var serverWaits: Bool
        public var inspection: Inspection
        /// The files that go into the Secret, by its keys.
        public var files: [String: String]

        public init(
            order: RenewalOrder, serverWaits: Bool, inspection: Inspection, files: [String: String]
        ) {
            self.order = order
            self.serverWaits = serverWaits
            self.inspection = inspection
            self.files = files
        }

        /// The installation whose rotation it is; nil: an earlier version did not record it.
        var owner: InstallationID? { order.owner.flatMap(InstallationID.init(record:)) }
    }
}

// Several installations may use one folder. Until the certificates are those of the folder, the others neither continue
// nor discard the rotation.

extension Facts {
    /// Whether the installation's Secret has the certificates already.
    func isApplied(_ renewal: Renewal) -> Bool {
        guard case .known(let secrets) = secrets, case .known(let digests) = files, !renewal.files.isEmpty
        else { return false }
        let state = renewal.order.change == .inner ? secrets.inner : secrets.outer
        return renewal.files.allSatisfy { digests[$1] != nil && digests[$1] == state?.digests[$0] }
    }

    /// The other installations whose rotation it is, or may be; empty: it is this one's or that of a release with the
    /// same Secrets, or these Secrets have its certificates already.
    /// - Parameter sharers: the other installations with the same certificate folder.
    func otherOwners(
        of renewal: Renewal, _ answers: Answers, among sharers: [KnownInstallation]
    ) -> [InstallationID] {
        if isApplied(renewal) { return [] }
        guard let owner = renewal.owner else { return sharers.map(\.id) }
        return owner.hasSecrets(of: answers.installation(self)) ? [] : [owner]
    }

    /// The renewal that a rotation of this installation continues; nil also where it is unknown.
    func ownRenewal(_ answers: Answers) -> Renewal? {
        guard case .known(let renewal?) = renewal, renewal.serverWaits,
            case .known(let folders) = clientFolders
        else { return nil }
        return otherOwners(of: renewal, answers, among: folders.sharers).isEmpty ? renewal : nil
    }
}

// What the journal records of a rotation is no longer so once its files are gone.

extension Facts {
    /// The run that started and did not finish, while it can be resumed; nil where there is none.
    ///
    /// Another installation with the same folder may have discarded or replaced the certificates of a rotation, and a release
    /// with the same Secrets may have put them in place.
    public var resumableRun: Fact<InterruptedRun?> {
        guard case .known(let interrupted?) = interruptedRun, interrupted.run.needsRenewal else {
            return interruptedRun
        }
        switch renewal {
        case .pending: return .pending
        case .unavailable: return interruptedRun
        case .known(nil): return .known(nil)
        case .known(let renewal?):
            let isAnothers = renewal.owner.map { !$0.hasSecrets(of: interrupted.run.plan.installation) }
            return isAnothers == true ? .known(nil) : interruptedRun
        }
    }
}

extension RunState {
    /// Whether it is to be continued with certificates that it has prepared, and with nothing else.
    fileprivate var needsRenewal: Bool {
        let isOpen = { (step: Step) -> Bool in
            guard case .installRenewal = step.action else { return false }
            return self[step.id].status != .done
        }
        guard let next = plan.steps.firstIndex(where: isOpen) else { return false }
        let preparation = plan.steps[..<next].last {
            if case .prepareRenewal = $0.action { true } else { false }
        }
        let isPrepared = preparation.map { !self[$0.id].receipts.isEmpty } ?? true
        // A step that has started may have put them in place itself; then what follows it is missing.
        let isWaiting = self[plan.steps[next].id].status == .waiting
        return isPrepared && (isWaiting || next == plan.steps.count - 1)
    }
}

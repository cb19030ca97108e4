import MutualTLS

extension Check {
    /// A rotation of another installation would put its certificates into its own Secret, or discard keys that the
    /// owner's proxy may use already.
    static var renewalOwner: Check {
        var check = Check("renewal-owner", .tools, "interrupted rotations in this certificate directory") {
            facts, answers in
            guard facts.areCertificatesKnown else { return .pending }
            return facts.renewal.verdict { renewal in
                guard let renewal, renewal.serverWaits else { return .passed("none") }
                // A rotation that renews nothing discards nothing.
                guard answers.renew != .certificates || facts.isDue(answers) else {
                    return .passed("nothing is due")
                }
                return facts.clientFolders.verdict { folders in
                    let others = facts.otherOwners(of: renewal, answers, among: folders.sharers)
                    return others.isEmpty
                        ? .passed("of this installation")
                        : renewal.refusal(of: others, folders, takesOver: answers.takeOver)
                }
            }
        }
        check.isQuiet = true
        return check
    }
}

extension Facts.Renewal {
    fileprivate func refusal(
        of others: [InstallationID], _ folders: Facts.ClientFolders, takesOver: Bool
    ) -> CheckOutcome {
        let what =
            "The certificate directory contains an interrupted rotation, which \(owner == nil ? "may belong" : "belongs")"
            + " to \(others.map { "the \($0)" }.inWords)"
        // One that was uninstalled meanwhile can no longer be rotated.
        let known = others.compactMap { id in (folders.sharers + folders.others).first { $0.id == id } }
        let install = "install the certificates in the directory there: \(known.installers("install"))"
        guard !takesOver else {
            return .warning(
                "\(what). It will be discarded", hint: known.isEmpty ? nil : "Afterwards \(install)")
        }
        let finish = known.map { $0.installer(order.change.rotation) }.joined(separator: " or ")
        return .failed(
            what,
            hint: known.isEmpty
                ? "To discard it: --take-over"
                : "To finish it: \(finish). To discard it: --take-over. Afterwards \(install)")
    }
}

extension RenewalOrder.Change {
    /// The consent to change the CA of a shared folder is for one run.
    fileprivate var rotation: String {
        switch self {
        case .leaves, .inner: command
        case .introduce, .replace, .retire: "\(command) --take-over"
        }
    }
}

extension ClientPlanner {
    /// What is there already stays: a client that has a certificate gets no other one, and only its role changes.
    var addition: Plan {
        let present = known.present(name)
        let certificate =
            known.usable(name) == nil
            ? [issue(replacing: present?.serial, undo: present == nil ? [withdraw] : [])] : []
        let changes = certificate + listSteps
        let isPlanned = !changes.isEmpty || !answers.bundle.isEmpty
        let proof = answers.prove && isPlanned ? [look(isRefused: false, isChange: list != nil)] : []
        // Nobody looks, so nobody else would bring the list to the proxies.
        let nudge = !answers.prove && list != nil ? [nudge("nudge")] : []
        return Plan(
            title: isPlanned ? "Add the client \(name)" : "Nothing to change", site: site,
            steps: changes + nudge + proof + [bundle].compactMap(\.self), notes: notes)
    }

    /// A new certificate for the same name, with the role that it has.
    var renewal: Plan {
        let certificate = issue(replacing: known.present(name)?.serial)
        let proof = answers.prove ? [look(isRefused: false, isChange: list != nil)] : []
        let nudge = !answers.prove && list != nil ? [nudge("nudge")] : []
        return Plan(
            title: "Renew the certificate of \(name)", site: site,
            steps: [certificate] + listSteps + nudge + proof + [bundle].compactMap(\.self),
            notes: notes + ["The certificate that \(name) has now stays good until it ends or is revoked."])
    }

    private var notes: [String] {
        var notes: [String] = []
        if let list, known.list?.isEmpty == true {
            notes.append(
                "Roles begin: from now on only \(list.inWords) may build. Whoever else the authority has signed is "
                    + "refused.")
        } else if list == nil, known.list?.isEmpty == true {
            notes.append("No roles are in force: \(name) may do everything. --role begins them.")
        }
        if facts.seesTwoAuthorities {
            notes.append(
                "Two authorities are trusted at the moment; the new certificate is of the one that stays.")
        }
        if !answers.bundle.isEmpty {
            notes.append("The bundle holds a private key. Hand it over safely, and delete it then.")
        }
        return notes
    }
}

extension Facts {
    fileprivate var seesTwoAuthorities: Bool { authorities.value?.former != nil }
}

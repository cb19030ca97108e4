import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The table of clients.
@Suite struct ClientsPageTests {
    @Test func theCommandThatRenewsTheSelectedClientIsCopied() {
        var stage = Stage()
        stage.press(.character("c"))
        stage.send(.clients(Sample.clients))
        stage.click("ci ")
        stage.press(.character("y"))
        let flags = "--context production --namespace buildkit --name ci --yes"
        #expect(stage.effects.last == .copy("buildkit-installer client renew \(flags)"))
        #expect(stage.answers.name.isEmpty)
        stage.send(.copied)
        #expect(stage.text.contains("Copied to the clipboard."))
        stage.press(.up)
        #expect(!stage.text.contains("Copied to the clipboard."))
    }

    @Test func keysThatNeedAClientAreOfferedWhereThereIsOne() {
        var stage = Stage(columns: 100, rows: 30)
        stage.press(.character("c"))
        let none = "a add   g refresh   Esc back"
        #expect(stage.text.contains(none))
        var report = Sample.clients
        report.clients = []
        stage.send(.clients(report))
        #expect(stage.text.contains(none))
        stage.send(.clients(Sample.clients))
        #expect(stage.text.contains("a add   n renew   R revoke   / filter   g refresh   y copy command"))
    }

    @Test func aRevocationThatTheProxyLacksCanBePublished() {
        var stage = Stage(columns: 140, rows: 45)
        stage.press(.character("c"))
        var report = Sample.clients
        report.clients[1].standing = .revocationPending
        stage.send(.clients(report))
        stage.press(.down)
        for text in [
            "revoked locally, not yet in the cluster", "Publish the revocation",
            "buildkit-installer client revoke ci \\", "Add again",
        ] { #expect(stage.text.contains(text), "\(text)\n\(stage.text)") }
    }

    @Test func aWideWindowShowsTheSelectedClient() {
        var stage = Stage(columns: 140, rows: 45)
        stage.press(.character("c"))
        stage.send(.clients(Sample.clients))
        stage.press(.down)
        for text in [
            "Role       unrestricted", "Last seen  2026-11-22 09:00", "Serial     7d19",
            "Issued     2026-05-06",
            "Expires    2027-02-18, in 88 days", "buildkit-installer client renew \\",
            "buildkit-installer client revoke ci \\",
        ] { #expect(stage.text.contains(text), "\(text)\n\(stage.text)") }
        stage.press(.up)
        #expect(!stage.text.contains("Last seen  2026"))
    }
}

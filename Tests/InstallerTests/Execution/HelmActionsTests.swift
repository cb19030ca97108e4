import Testing

@testable import Installer

/// Messages of tools, without duplicates.
@Suite struct RepeatedWordsTests {
    @Test func anErrorThatHelmLogsBeforeItPrintsItIsToldOnce() {
        let said = """
            level=WARN msg="upgrade failed" name=m4 error="claims \\"m4-cache\\" is forbidden: only dynamically provisioned"
            Error: UPGRADE FAILED: claims "m4-cache" is forbidden: only dynamically provisioned
            """
        #expect(
            said.withoutRepeats
                == #"Error: UPGRADE FAILED: claims "m4-cache" is forbidden: only dynamically provisioned"#)
    }

    @Test func whatIsSaidOnlyOnceStays() {
        let said = """
            level=WARN msg="odd" error="something else"

            Error: no
            """
        #expect(said.withoutRepeats == said)
    }

    @Test func theNameOfAnObjectIsNoSecret() {
        let said = "Error: resource Deployment/f-q2/f-q2-buildkit-builder-of-the-team not ready"
        #expect(Redactor.of(said) == said)
        let key = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0waw/IBAQQgx7yz"
        #expect(Redactor.of("key Secret/\(key)") == "key (removed)")
    }
}

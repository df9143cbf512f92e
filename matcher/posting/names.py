"""Word lists that tell a private name from a public one: products, legal forms, organisations, ordinary words."""


def words(text: str) -> frozenset[str]:
    """The words of a list written as a text."""
    return frozenset(text.split())


PRODUCTS = words(
    """
    abap access acronis argo active activdirectory ad adf adfs adobe ai aks amazon android angular ansible anthropic
    apache api apis apple apps aruba as as/400 asp.net atlassian audiocodes autopilot autocad avd aws ax axapta
    azure barracuda basis bc bi biztalk blazor bpos broadcom business c# central cisco citrix chatgpt claude cloud
    cloudflare cobol cognos commvault confluence configmgr copilot crm crystal cyberark d365 data databricks
    dataverse datacenter dba db2 defender dell delphi desktop devops directory django docker domino dora dynamics
    ec2 ecc edge edi eks elastic elitebook endpoint entra erp esxi excel exchange f5 fabric fiori firewall fortigate
    fortinet foundry fujitsu gdpr genesys gitlab github google grafana groupwise hana hci helpdesk hewlett horizon
    hp hpe hubspot hybris hyper-v hyperv ibm ifs infor informix inc intune ios iot ipad iphone iso it itil jamf java
    javascript jenkins jira juniper kafka kubernetes lakehouse lan lenovo linux logic lotus lync m365 mac macos
    magento mariadb meraki microsoft mitel mongodb mulesoft mysql nav navision netapp mail netscaler netsuite
    netweaver nintex nis2 node.js notes novell nutanix nvidia o365 odoo office onedrive openai opcua openshift
    openstack oracle orchard outlook outsystems pabx palo pbx peoplesoft php pl/sql plc postgres postgresql power
    powerbi powershell project proxmox purview python qlik qliksense r2 r3 rdp rds red hat react remote rpa ruby s/4
    s/4hana s4hana sage salesforce sap sbc scada sccm scom sd-wan search selenium sentinel server service servicenow
    sharepoint shopify shopware siebel siem siemens simatic sip sitecore skype snowflake soc solaris sophos splunk
    sql ssas ssis ssrs suse symantec synapse tableau tcp teams terraform thinkpad trello typescript typo3 uipath
    umbraco unix unify utimaco vb vb6 vb.net veeam veritas vcenter viva vm vms vmware vpn vsphere vue wan watchguard
    wi-fi wifi windows wlan wincc woocommerce word wordpress workday xenapp xendesktop xendesk yammer zabbix zendesk
    zimbra zoom zscaler
    """
)

LEGAL_FORMS = (
    r"GmbH ?& ?Co\.? ?KGa?A?|gGmbH|GmbH|mbH|KGaA|KG|OHG|e\.V\.|AG|SE|Ltd|Limited|PLC|plc|LLP|LLC|Inc"
    r"|Incorporated|Corp|Corporation"
    r"|SARL|SAS|SASU|S\.A\.S\.|S\.A\.|SA|S\.p\.A\.|SpA|S\.r\.l\.|Srl|SRL|S\.L\.U?\.?|SLU|SL|Lda\.?|Ltda\.?"
    r"|B\.V\.|BV|N\.V\.|NV|BVBA"
    r"|A\.Ş\.?|AB|ASA|AS|A/S|ApS|Oyj|Oy|OÜ|UAB|SIA|Kft|Zrt|Nyrt|sp\. ?z ?o\. ?o\.|S\.A|s\.r\.o\.|a\.s\."
    r"|d\.o\.o\.|EOOD|Pty|Pvt|GbR"
)

# A name that ends, or begins, with one of these is an organisation.
ORGANISATIONS_BEHIND = (
    "Airlines|Airways|Bank|Bankers|Breweries|Brewery|Clinic|Clinics|College|Council|Dairy|Farms|Foods"
    "|Foundation|Group|Gruppe|Holding|Holdings"
    "|Hospital|Hospitals|Hotel|Hotels|Industries|Insurance|Klinik|Kliniken|Klinikum|Logistics|Logistik"
    "|Ministry|Motors|Museum"
    "|Pharma|Pharmaceuticals|Police|Railway|Railways|School|Schools|Shipping|Sparkasse|Steel|Supermarkets"
    "|Trust|Universität|University|Versicherung|Werke"
)
ORGANISATIONS_BEFORE = (
    "University|Universität|Université|Universidad|Universiteit|City|Municipality|Ministry|Hospital|Klinikum"
    "|Stadtwerke|Stadt|Gemeinde"
    "|Landkreis|Sparkasse|Volksbank|Ville|Mairie|Ayuntamiento|Gemeente|Bank|Kantonsspital|CHU|Hôpital"
)

# Many people who have nothing to do with each other have their mail there.
FREE_MAIL = words(
    """
    aliceadsl aol arcor bellsouth bigpond blueyonder bluewin btinternet btopenworld centrum chello comcast earthlink
    eircom fastmail free freemail freenet gmail gmx googlemail hetnet hotmail icloud interia iol kpnmail laposte libero
    live mail mailbox me msn neuf ntlworld numericable o2 onet online optusnet orange outlook pm posteo proton
    protonmail qq rediffmail sapo sbcglobal seznam sfr skynet sunrise sympatico t-online talktalk telefonica telenet
    telia tiscali tutanota uol verizon versatel virgilio virginmedia volny wanadoo web xs4all yahoo yandex ymail ziggo
    zoho
    """
)

# Capitalised at the start of a line or by German grammar, but nobody's name.
ORDINARY = words(
    """
    call ask see write tell send give take make do does get let look move buy find build run use keep put check show
    think say come go talk speak meet bring stop read replace deliver install connect configure host manage train
    test ring phone somebody anybody everybody a about address after all also am an and anyone april arbeit as at
    august auf aufgabe aufgaben auftrag ausschreibung bank bedarf behörde best betrieb between both branche budget
    but by can cheers clinic company contact contract cto ceo cio council customer customers client clients cliente
    cómo dates dear december deadline der die das deployment details devices dienstleister due during each ein eine
    einer einführung end eu everything existing factory family february finance firma first for four foundation free
    friday from full gdpr german group hans head hello help her hers hi his hospital hotel how however hr i if
    immediately important in industry insurance is ist it its january july june keine klant klinik kommune konzern
    kunde kunden landkreis large later leading le la les location logistics machine maschinenbauer manager
    manufacturer manufacturing many march may medium mid migration mittelstand monday more most must my need needed
    needs new next nine no not nothing notes november now october of offices old on one only onsite open or our
    other out partner partners people perhaps phase place plant please port posting private professional project
    projekt projekte public regional retail retailer rollout saturday school second security september services
    several she he they site sites six small smb so some someone somewhere soon sparkasse start starting stadtwerke
    state still subject sunday support team ten tender thank thanks that the their then there these they third this
    three thursday time to today tomorrow total training tuesday two uk ukraine umsetzung umstellung und unsere
    unser until up upgrade urgent us usa usd eur gbp user users very via von wanted warehouse wave we wednesday
    weeks what when where which who whole why will winter with without work works would year years you your zeitraum
    nonprofit ngo transport chain firm business bus airport airline authority agency bureau mid-size mid-sized
    midsize global international national local major big well-known producer maker supplier provider like edition
    subscription community enterprise standard premium app appliance ende anfang mitte points march gott day days
    mother father valentine quartier mr mrs ms miss mister dr prof dra ing dott sr sra mme mlle herr herrn frau
    señor señora monsieur madame dhr mevr sir lady european union eea europe easter semana santa pascua ramadan
    registered charity around roughly circa nearly over under voici notre nous vous pour avec dans chez bonjour
    nuestro nuestra necesitamos onze voor wij zoeken sofort dringend hospitales budgets remote digital rail retail
    modern workplace direct routing supply system center information internet media mobility studio visual basic
    competence intelligent automation adoption governance level since control step functions tower tier mifid rpg cmmi
    bonus option options item items lot lots part parts north south east west northern southern
    """
)
